"""A baresip user agent with a tone as its microphone and a test picture as its camera."""

import json
import socket
import struct
import subprocess
import wave
from pathlib import Path

from lab.network import PATIENCE_SECONDS, Host

CONTROL_PORT = 4444
MODULES = Path("/usr/lib/baresip/modules")
CONFIGURATION = """\
poll_method epoll
sip_listen {address}:5060
net_interface eth0
call_local_timeout 30
audio_source aufile,{microphone}
audio_player aubridge,heard
audio_alert aubridge,alert
audio_level no
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
video_source avformat,{camera}
video_display fakevideo,nil
video_size 176x144
video_bitrate 96000
video_fps 8
videnc_format yuv420p
rtp_tos 184
rtp_ports 16384-16484
rtcp_mux no
jitter_buffer_delay 5-10
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module avcodec.so
module avformat.so
module fakevideo.so
module_tmp uuid.so
module_tmp account.so
module_app contact.so
module_app menu.so
module_app presence.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""
ACCOUNT = (
    '"{name}" <sip:{user}@example.com;transport={transport}>;auth_pass={password}'
    ';outbound="sip:{proxy};transport={transport}";regint=120;answermode=auto\n'
)


class Agent:
    """A running baresip with one account at example.com, told what to do over its control connection."""

    def __init__(
        self, host: Host, proxy: Host, user: str, *, transport: str = "udp", password: str = "", contacts: str = ""
    ) -> None:
        """Start it; *contacts* is the text of its contacts file, an empty password the one that the proxy expects."""
        self.host = host
        sound, picture = _microphone(host), _camera(host)
        text = CONFIGURATION.format(
            address=host.address, microphone=sound, camera=picture, modules=MODULES, control=CONTROL_PORT
        )
        _check_modules(text)
        self._write("config", text)
        self._write(
            "accounts",
            ACCOUNT.format(
                name=user.capitalize(),
                user=user,
                transport=transport,
                password=password or f"{user}-secret",
                proxy=proxy.address,
            ),
        )
        self._write("contacts", contacts)
        host.start("baresip", "-f", host.folder)
        host.wait_for_port(CONTROL_PORT)
        self._control = _connect(host, CONTROL_PORT)

    def command(self, name: str, parameters: str = "") -> None:
        """Give one command of its menu."""
        text = json.dumps({"command": name, "params": parameters, "token": "1"}).encode()
        self._control.sendall(b"%d:%s," % (len(text), text))

    def wait_for(self, text: str) -> None:
        """Wait until it has said *text*, as ``Call established``."""
        self.host.wait_for_text("baresip", text)

    def quit(self) -> None:
        """Let it unregister and end."""
        self.command("quit")
        self.host.programs[-1].wait(PATIENCE_SECONDS)

    def _write(self, name: str, text: str) -> None:
        (self.host.folder / name).write_text(text)


def _check_modules(configuration: str) -> None:
    """See that every module is there: baresip goes on without one, and would send no picture."""
    wanted = (line.split()[1] for line in configuration.splitlines() if line.endswith(".so"))
    missing = [module for module in wanted if not (MODULES / module).exists()]
    if missing:
        raise RuntimeError(
            f"baresip has no {', '.join(missing)} in {MODULES}; on Debian install baresip-core and baresip-ffmpeg"
        )


def _microphone(host: Host) -> Path:
    """A sound file with ten seconds of a square wave of 400 Hz."""
    file = host.folder / "microphone.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((struct.pack("<h", 4000) * 10 + struct.pack("<h", -4000) * 10) * 4000)
    return file


def _camera(host: Host) -> Path:
    """A moving test picture."""
    file = host.folder / "camera.avi"
    picture = "testsrc2=size=176x144:rate=8"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", picture, "-t", "15", "-c:v", "mjpeg", file], check=True
    )
    return file


def _connect(host: Host, port: int) -> socket.socket:
    """Connect to a port of the host's own loopback."""
    with host.entered():
        return socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
