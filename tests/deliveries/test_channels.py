"""What a mail server may do, and what is told of it: a kind and a number, never its words."""

import ipaddress
import ssl
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.deliveries.channels import (
    Busy,
    Encryption,
    FolderChannel,
    MailServer,
    NotDelivered,
    Refused,
    SmtpChannel,
    Unreachable,
)
from app.deliveries.messages import Letter, Sender, compose
from tests.deliveries import mail_server as servers
from tests.deliveries.mail_server import Behaviour, mail_server
from tests.support.journey import START

TO = "person1@example.com"
MESSAGE = compose(
    uuid.UUID("01890000-0000-7000-8000-000000000001"),
    Sender("意见征集", "yijian@example.cn"),
    TO,
    Letter("期限延长", "您好。\n.以点开头的一行\n"),
    START,
)


def channel(server: servers.MailServer, encryption: Encryption = Encryption.NONE, **given: object) -> SmtpChannel:
    values = {"user": "", "password": "", "timeout": 5.0, "host": "127.0.0.1"} | given
    return SmtpChannel(MailServer(port=server.port, encryption=encryption, **values), "example.cn")  # type: ignore[arg-type]


def failure(behaviour: Behaviour) -> NotDelivered:
    """What sending over such a server raises."""
    with mail_server(behaviour) as server:
        out = channel(server, timeout=0.5)
        with pytest.raises(NotDelivered) as raised:
            out.send(MESSAGE)
        assert out._connection is None
    return raised.value


def test_a_message_arrives_as_it_was_written_and_one_connection_serves_many() -> None:
    with mail_server() as server:
        out = channel(server)
        out.send(MESSAGE)
        out.send(MESSAGE)
        out.close()
    assert server.connections == 1
    assert [message["Message-ID"] for message in server.accepted] == [MESSAGE["Message-ID"]] * 2
    assert server.accepted[0].get_content().splitlines() == ["您好。", ".以点开头的一行"]
    assert server.recipients == [TO] * 2


@pytest.mark.parametrize(
    ("behaviour", "kind", "error"),
    [
        (Behaviour({"RCPT": f"550 5.1.1 <{TO}> unknown"}), Refused, "recipient 550 5.1.1"),
        (Behaviour({"RCPT": "450 4.2.1 greylisted"}), Busy, "recipient 450 4.2.1"),
        (Behaviour({"MESSAGE": f"554 5.7.1 spam for {TO}"}), Refused, "message 554 5.7.1"),
        (Behaviour({"MESSAGE": "452 full"}), Busy, "message 452"),
        (Behaviour({"MAIL": "550 not from you"}), Unreachable, "SMTPSenderRefused 550"),
        (Behaviour({"GREETING": "554 go away"}), Unreachable, "SMTPConnectError 554"),
        (Behaviour({"GREETING": ""}), Unreachable, "SMTPServerDisconnected"),
        (Behaviour({"DATA": ""}), Unreachable, "SMTPServerDisconnected"),
        (Behaviour({"MESSAGE": ""}), Unreachable, "SMTPServerDisconnected"),
        (Behaviour(silent_at="EHLO"), Unreachable, "SMTPServerDisconnected"),
        (Behaviour(silent_at="RCPT"), Unreachable, "SMTPServerDisconnected"),
        (Behaviour({"RCPT": "421 4.3.2 shutting down"}), Busy, "recipient 421 4.3.2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_failure_is_told_by_kind_and_number(behaviour: Behaviour, kind: type[NotDelivered], error: str) -> None:
    told = failure(behaviour)
    assert (type(told), told.error) == (kind, error)
    assert "person1" not in repr(told)
    assert told.__cause__ is None
    assert told.__suppress_context__


def test_an_address_in_chinese_needs_a_server_that_knows_them() -> None:
    to = "测试@example.com"
    message = compose(uuid.uuid4(), Sender("意见征集", "yijian@example.cn"), to, Letter("延长", "您好。"), START)
    with mail_server() as server, pytest.raises(Refused) as raised:
        channel(server).send(message)
    assert raised.value.error == "SMTPNotSupportedError"
    with mail_server(Behaviour(extensions=("8BITMIME", "SMTPUTF8"))) as server:
        out = channel(server)
        out.send(message)
        out.close()
    assert [str(one["To"]) for one in server.accepted] == [to]


def test_nobody_listening_is_unreachable() -> None:
    with mail_server() as server:
        pass
    with pytest.raises(Unreachable) as raised:
        channel(server).send(MESSAGE)
    assert raised.value.error == "ConnectionRefusedError"


def test_after_a_failure_the_next_message_gets_a_new_connection() -> None:
    behaviour = Behaviour({"RCPT": "550 no"})
    with mail_server(behaviour) as server:
        out = channel(server)
        with pytest.raises(Refused):
            out.send(MESSAGE)
        behaviour.answers.clear()
        out.send(MESSAGE)
        out.close()
    assert len(server.accepted) == 1


def test_a_connection_that_the_server_ended_meanwhile_is_opened_anew() -> None:
    behaviour = Behaviour()
    with mail_server(behaviour) as server:
        out = channel(server)
        out.send(MESSAGE)
        behaviour.answers["NOOP"] = ""
        out.send(MESSAGE)
        out.close()
    assert (server.connections, len(server.accepted)) == (2, 2)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, its key beside it in the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def served(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_over_tls_the_service_signs_in(certificate: Path, encryption: Encryption) -> None:
    at_once = encryption is Encryption.TLS
    with mail_server(Behaviour(password="right", certificate=served(certificate), tls_at_once=at_once)) as server:
        out = channel(server, encryption, user="yijian", password="right", ca_file=certificate)
        out.send(MESSAGE)
        out.close()
    assert server.signed_in == ["yijian"]
    assert len(server.accepted) == 1


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_a_certificate_of_nobody_known_ends_it(certificate: Path, encryption: Encryption) -> None:
    at_once = encryption is Encryption.TLS
    with mail_server(Behaviour(certificate=served(certificate), tls_at_once=at_once)) as server:
        with pytest.raises(Unreachable) as raised:
            channel(server, encryption).send(MESSAGE)
        assert raised.value.error == "SSLCertVerificationError"
    assert server.accepted == []


def test_starttls_is_never_left_out() -> None:
    with mail_server() as server, pytest.raises(Unreachable) as raised:
        channel(server, Encryption.STARTTLS).send(MESSAGE)
    assert raised.value.error == "SMTPNotSupportedError"
    assert server.accepted == []


def test_a_wrong_password_is_not_held_against_the_recipient(certificate: Path) -> None:
    with mail_server(Behaviour(password="right", certificate=served(certificate))) as server:
        with pytest.raises(Unreachable) as raised:
            channel(server, Encryption.STARTTLS, user="yijian", password="wrong", ca_file=certificate).send(MESSAGE)
        assert raised.value.error == "SMTPAuthenticationError 535 5.7.8"


def test_the_password_shows_in_no_description() -> None:
    server = MailServer("smtp.example.com", 587, Encryption.STARTTLS, "yijian", "very secret", 20.0)
    assert "very secret" not in repr(server)


def test_a_folder_keeps_each_message_once_for_this_user_only(tmp_path: Path) -> None:
    out = FolderChannel(tmp_path / "mail")
    out.send(MESSAGE)
    out.send(MESSAGE)
    out.close()
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "01890000-0000-7000-8000-000000000001.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_bytes() == MESSAGE.as_bytes()


def test_a_folder_that_can_not_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(Unreachable):
        FolderChannel(tmp_path / "mail").send(MESSAGE)
