"""What the handlers of web-platform-tests are given and give back by name: fields, headers, and the stash that one request
leaves for another. Texts are bytes, one for one."""

import threading
import uuid


def to_text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def to_bytes(value):
    return value if isinstance(value, bytes) else str(value).encode("latin-1")


class Many(dict):
    """Several values of a name, in bytes."""

    def __getitem__(self, key):
        values = super().__getitem__(to_bytes(key))
        return values[0] if len(values) == 1 else values

    def __contains__(self, key):
        return super().__contains__(to_bytes(key))

    def first(self, key, *default):
        values = super().get(to_bytes(key))
        if values is None and not default:
            raise KeyError(key)
        return values[0] if values else default[0]

    def get(self, key, default=None):
        return self[key] if key in self else default

    def get_list(self, key, default=()):
        return super().get(to_bytes(key), list(default))

    def add(self, key, value):
        self.setdefault(to_bytes(key), []).append(value)


class Given(Many):
    """The headers of a request: small names, and several values as one."""

    def __getitem__(self, key):
        return b", ".join(dict.__getitem__(self, to_bytes(key).lower()))

    def __contains__(self, key):
        return dict.__contains__(self, to_bytes(key).lower())


class Stash:
    """What one request leaves for another."""

    kept = {}
    lock = threading.RLock()

    def __init__(self, path):
        self.path = path

    def key(self, key, path):
        return to_text(path or self.path), str(uuid.UUID(to_text(key)))

    def put(self, key, value, path=None):
        with self.lock:
            key = self.key(key, path)
            if key in self.kept:
                raise ValueError("there is something already under %s %s" % key)
            if value is not None:
                self.kept[key] = value

    def take(self, key, path=None):
        with self.lock:
            return self.kept.pop(self.key(key, path), None)


class Headers(list):
    """The headers of an answer, as pairs of bytes."""

    def set(self, name, value):
        self[:] = [pair for pair in self if pair[0].lower() != to_bytes(name).lower()]
        self.append(name, value)

    def append(self, name, value):
        super().append((to_bytes(name), to_bytes(value)))

    def update(self, pairs):
        for name, value in pairs:
            self.set(name, value)

    def has(self, name):
        return any(known.lower() == name for known, _ in self)
