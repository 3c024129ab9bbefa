"""Says something else each time: the turn, which no test is to depend on."""

KEY = b"5a4cb8e8-54a2-4b5c-9fd9-1a1bbd1d3f55"


def main(request, response):
    with request.server.stash.lock:
        turn = (request.server.stash.take(KEY) or 0) + 1
        request.server.stash.put(KEY, turn)
    return [(b"Content-Type", b"text/javascript"), (b"Cache-Control", b"no-store")], "self.turn = %d;" % turn
