/* Values of SIP headers as they are usually written (collabtrace/protocols/readings.py). */

#include "core.h"

/* RFC 3261 §25.1 token; what the value of a Via parameter is usually made of; hosts by name, and in brackets. */
static uint8_t is_token[256], is_value[256], is_host[256], is_ipv6[256];

void
prepare_values(void)
{
    for (int byte = 0; byte < 256; byte++) {
        int plain = (byte >= '0' && byte <= '9') || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
        is_token[byte] = (uint8_t)(plain || (byte && strchr("-.!%*_+`'~", byte)));
        is_value[byte] = (uint8_t)(plain || (byte && strchr("-.!%*_+:", byte)));
        is_host[byte] = (uint8_t)(plain || (byte && strchr("-._", byte)));
        is_ipv6[byte] = (uint8_t)(byte && strchr("0123456789abcdefABCDEF:.", byte));
    }
}

static const char *
pass(const uint8_t *kind, const char *at, const char *end)
{
    while (at < end && kind[(uint8_t)*at])
        at++;
    return at;
}

const char *
pass_token(const char *at, const char *end)
{
    return pass(is_token, at, end);
}

/* Whether the text is a token. */
int
is_a_token(Text text)
{
    return text.size && pass(is_token, text.at, text.at + text.size) == text.at + text.size;
}

/* As readings._USUAL_PARTY. */
int
read_party(Text text, Text *uri, Text *tag)
{
    const char *at = text.at, *end = text.at + text.size, *begin;
    if (at < end && *at == '"') {
        for (at++; at < end && *at != '"'; at++)
            if (*at == '\\')
                return 0;
        if (at++ >= end)
            return 0;
        if (at < end && *at == ' ')
            at++;
    }
    else {
        while (at < end && is_token[(uint8_t)*at]) {
            at = pass(is_token, at, end);
            if (at >= end || *at++ != ' ')
                return 0;
        }
    }
    if (at >= end || *at++ != '<')
        return 0;
    for (begin = at; at < end && *at != '>'; at++)
        if (*at == '<' || *at == '"' || *at == ' ')
            return 0;
    if (at >= end || at == begin)
        return 0;
    *uri = (Text){begin, at++ - begin};
    *tag = (Text){NULL, 0};
    if (at == end)
        return 1;
    if (end - at < 6 || memcmp(at, ";tag=", 5) != 0)
        return 0;
    *tag = (Text){at + 5, end - at - 5};
    return pass(is_token, at + 5, end) == end;
}

/* The name of a parameter by which calls are joined (sessions/correlation.py). */
int
is_mark(const char *at, const char *end)
{
    return end - at >= 13 && memcmp(at, "proxy-call-id", 13) == 0;
}

/* As readings._USUAL_VIA. */
int
read_via(Text text, Text *sent_by, Text *branch, int *is_marked)
{
    const char *at = text.at, *end = text.at + text.size, *begin;
    if (text.size < 9 || memcmp(at, "SIP/2.0/", 8) != 0)
        return 0;
    for (at += 8, begin = at; at < end && *at >= 'A' && *at <= 'Z';)
        at++;
    if (at == begin || at >= end || *at++ != ' ')
        return 0;
    begin = at;
    if (at < end && *at == '[') {
        at = pass(is_ipv6, at + 1, end);
        if (at == begin + 1 || at >= end || *at++ != ']')
            return 0;
    }
    else if ((at = pass(is_host, at, end)) == begin)
        return 0;
    if (at < end && *at == ':') {
        const char *port = ++at;
        while (at < end && *at >= '0' && *at <= '9')
            at++;
        if (at == port || at - port > 5 || (at - port == 5 && (*port < '1' || *port > '5')))
            return 0;
    }
    *sent_by = (Text){begin, at - begin};
    branch->at = NULL;
    while (at < end) {
        if (*at++ != ';')
            return 0;
        begin = at;
        at = pass(is_token, at, end);
        if (at == begin)
            return 0;
        if (at - begin == 6 && at < end && (*at == '=' || *at == ';') && PyOS_mystrnicmp(begin, "branch", 6) == 0) {
            if (branch->at || memcmp(begin, "branch=", 7) != 0)
                return 0;
            begin = ++at;
            at = pass(is_token, at, end);
            *branch = (Text){begin, at - begin};
            if (at == begin)
                return 0;
        }
        else if (at < end && *at == '=') {
            if (is_mark(begin, at))
                *is_marked = 1;
            begin = ++at;
            at = pass(is_value, at, end);
            if (at == begin)
                return 0;
        }
    }
    return branch->at != NULL;
}

/* A number in decimal, of at most *most* digits. */
int
read_number(const char *at, const char *end, int most, uint64_t *value)
{
    if (at == end || end - at > most)
        return 0;
    for (*value = 0; at < end; at++) {
        if (*at < '0' || *at > '9')
            return 0;
        *value = *value * 10 + (uint64_t)(*at - '0');
    }
    return 1;
}

/* CSeq: a number of 32 bits, blanks, a method. */
int
read_order(Text text, uint64_t *sequence, Text *method)
{
    const char *end = text.at + text.size, *at = text.at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    if (!read_number(text.at, at, 10, sequence) || *sequence > UINT32_MAX || at >= end || *at != ' ')
        return 0;
    while (at < end && *at == ' ')
        at++;
    *method = (Text){at, end - at};
    return is_a_token(*method);
}

/* Type and subtype in lower case, without parameters. */
int
is_media_type(Text text)
{
    int slashes = 0;
    for (Py_ssize_t at = 0; at < text.size; at++) {
        if (text.at[at] == '/')
            slashes++;
        else if (!is_token[(uint8_t)text.at[at]] || (text.at[at] >= 'A' && text.at[at] <= 'Z'))
            return 0;
    }
    return slashes == 1 && text.at[0] != '/' && text.at[text.size - 1] != '/';
}
