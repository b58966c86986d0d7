"""Whether one can listen where the settings say."""

import socket

from app.config import ConfigurationError


def refuse_taken_port(host: str, port: int) -> None:
    """Raises ConfigurationError, with the variable to change, when nothing can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"can't listen on {host} port {port}: {error.strerror}; choose another with YANLU_HOST and YANLU_PORT"
        ) from error
