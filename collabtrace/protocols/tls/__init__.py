"""What TLS (RFC 8446, RFC 5246) and DTLS (RFC 6347) say before they encrypt.

``records`` cuts the records, ``messages`` the handshake messages and alerts in them, ``hello`` reads the two hellos,
``certificate`` the names in a certificate, ``numbers`` knows what the numbers are called. All of them are strict:
bytes that cannot be what is read raise a ParseError.
"""
