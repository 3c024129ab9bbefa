"""Where the foreign receiver passes on to: says each request as a line of JSON, read with the official messages of OTLP."""

import gzip
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


def attributes(pairs):
    """Values as JavaScript has them: one kind of number."""

    def value(any_value):
        kind = any_value.WhichOneof("value")
        return None if kind is None else getattr(any_value, kind)

    return {pair.key: value(pair.value) for pair in pairs}


def logs(body):
    for of_resource in ExportLogsServiceRequest.FromString(body).resource_logs:
        resource = attributes(of_resource.resource.attributes)
        for of_scope in of_resource.scope_logs:
            for log in of_scope.log_records:
                yield {
                    "resource": resource,
                    "name": log.event_name,
                    "timeUnixNano": str(log.time_unix_nano),
                    "severity": log.severity_number,
                    "traceId": log.trace_id.hex(),
                    "spanId": log.span_id.hex(),
                    "attributes": attributes(log.attributes),
                }


def spans(body):
    for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = attributes(of_resource.resource.attributes)
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield {
                    "resource": resource,
                    "name": span.name,
                    "traceId": span.trace_id.hex(),
                    "spanId": span.span_id.hex(),
                    "parentSpanId": span.parent_span_id.hex(),
                    "kind": Span.SpanKind.Name(span.kind),
                    "startUnixNano": str(span.start_time_unix_nano),
                    "endUnixNano": str(span.end_time_unix_nano),
                    "status": Status.StatusCode.Name(span.status.code),
                    "links": [{"traceId": link.trace_id.hex(), "spanId": link.span_id.hex()} for link in span.links],
                    "attributes": attributes(span.attributes),
                }


READERS = {"/v1/logs": ("logs", logs), "/v1/traces": ("spans", spans)}


class Sink(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        kind, read = READERS[self.path]
        # One write a line: requests come on threads of their own.
        sys.stdout.write(json.dumps({kind: list(read(body))}) + "\n")
        sys.stdout.flush()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
