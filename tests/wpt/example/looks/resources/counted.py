"""Counts how often it was asked under a name."""

def main(request, response):
    name = request.GET.first(b"name")
    count = (request.server.stash.take(name) or 0) + 1
    request.server.stash.put(name, count)
    response.headers.set(b"X-Method", request.method)
    return [(b"Content-Type", b"text/plain")], str(count)
