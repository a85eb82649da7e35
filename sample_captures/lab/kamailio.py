"""A Kamailio proxy and registrar for example.com that stays in the path of a dialog (Record-Route)."""

from lab.network import Host

CONFIGURATION = """\
#!KAMAILIO
debug=1
log_stderror=yes
fork=yes
children=2
tcp_children=2
auto_aliases=no
dns_cache_init=off
use_dns_cache=off
server_header="Server: Kamailio"
user_agent_header="User-Agent: Kamailio"
listen=udp:ADDRESS:5060
listen=tcp:ADDRESS:5060
alias="example.com"

loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"

modparam("rr", "append_fromtag", 1)
modparam("registrar", "max_expires", 600)
modparam("auth", "nonce_count", 1)
modparam("auth", "qop", "auth")

request_route {
    if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }

    if (is_method("CANCEL")) {
        if (t_check_trans()) t_relay();
        exit;
    }
    if (has_totag()) {
        if (loose_route()) t_relay();
        else if (is_method("ACK") && t_check_trans()) t_relay();
        else if (!is_method("ACK")) sl_send_reply("404", "Not Here");
        exit;
    }
    t_check_trans();

    # Every user's password is the user's name and "-secret".
    $var(password) = $fU + "-secret";
    if (is_method("REGISTER")) {
        if (!pv_www_authenticate("example.com", "$var(password)", "0")) {
            www_challenge("example.com", "1");
            exit;
        }
        save("location");
        exit;
    }
    if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }
    if (is_method("INVITE")) {
        if (!pv_proxy_authenticate("example.com", "$var(password)", "0")) {
            proxy_challenge("example.com", "1");
            exit;
        }
        consume_credentials();
    }
    if (is_method("INVITE|SUBSCRIBE")) record_route();
    if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
    t_relay();
}
"""


def start(host: Host) -> None:
    """Start the proxy on a host."""
    file = host.folder / "kamailio.cfg"
    file.write_text(CONFIGURATION.replace("ADDRESS", host.address))
    host.start("kamailio", "-DD", "-E", "-f", file, "-P", host.folder / "kamailio.pid", "-Y", host.folder, "-m", "32")
    host.wait_for_port(5060)
