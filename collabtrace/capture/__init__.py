"""From bytes on disk to transport payloads: files, link layers, IP, fragments, TCP, SCTP, WebSocket."""
