/* The columns of the table of messages (collabtrace/protocols/sip.py and message.py) of a usual SIP message. */

#include "core.h"

enum { CALL_ID, CONTACT, CONTENT_LENGTH, CONTENT_TYPE, CSEQ, FROM, REASON, SERVER, SESSION_ID, TO, USER_AGENT, VIA,
       WARNING, WANTED, OTHER = WANTED, RECORD_ROUTE };

/* Names in lower case, by their length: wanted, or forbidden to occur twice (protocols/headers.py, SINGLE). */
typedef struct {
    const char *name;
    int field;
    int single;
} Header;

static const Header HEADERS[] = {
    {"b", OTHER, 20}, {"c", CONTENT_TYPE, 1}, {"f", FROM, 2}, {"i", CALL_ID, 3}, {"l", CONTENT_LENGTH, 4},
    {"m", CONTACT, 0}, {"o", OTHER, 5}, {"r", OTHER, 6}, {"t", TO, 7}, {"v", VIA, 0},
    {"x", OTHER, 8},
    {"to", TO, 7},
    {"via", VIA, 0},
    {"cseq", CSEQ, 9}, {"date", OTHER, 10}, {"from", FROM, 2}, {"rack", OTHER, 11}, {"rseq", OTHER, 12},
    {"event", OTHER, 5},
    {"min-se", OTHER, 13}, {"reason", REASON, 0}, {"server", SERVER, 0},
    {"call-id", CALL_ID, 3}, {"contact", CONTACT, 0}, {"expires", OTHER, 14}, {"warning", WARNING, 0},
    {"refer-to", OTHER, 6}, {"replaces", OTHER, 15},
    {"session-id", SESSION_ID, 16}, {"user-agent", USER_AGENT, 0},
    {"min-expires", OTHER, 17}, {"referred-by", OTHER, 20},
    {"content-type", CONTENT_TYPE, 1}, {"max-forwards", OTHER, 18}, {"record-route", RECORD_ROUTE, 0},
    {"content-length", CONTENT_LENGTH, 4},
    {"session-expires", OTHER, 8},
    {"subscription-state", OTHER, 19},
    {"content-disposition", OTHER, 21},
};
#define LONGEST_NAME 19
#define MOST_LINES 4096
static uint8_t first_of_length[LONGEST_NAME + 2];

void
prepare_headers(void)
{
    size_t count = sizeof HEADERS / sizeof *HEADERS, number = 0;
    for (size_t length = 0; length <= LONGEST_NAME + 1; length++) {
        while (number < count && strlen(HEADERS[number].name) < length)
            number++;
        first_of_length[length] = (uint8_t)number;
    }
}

static Text
stripped(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    while (end > at && end[-1] == ' ')
        end--;
    return (Text){at, end - at};
}

static const Header *
header(Text name)
{
    if (name.size > LONGEST_NAME)
        return NULL;
    for (int number = first_of_length[name.size]; number < first_of_length[name.size + 1]; number++) {
        Py_ssize_t at = 0;
        while (at < name.size && (name.at[at] | 32) == HEADERS[number].name[at])
            at++;
        if (at == name.size)
            return HEADERS + number;
    }
    return NULL;
}

/* Whether the name is among the *watched*: each a byte with its length and then the name in lower case, the shortest
   first. */
static int
is_watched(Text name, Text watched)
{
    const uint8_t *at = (const uint8_t *)watched.at, *end = at + watched.size;
    for (; at < end && *at <= name.size; at += 1 + *at) {
        Py_ssize_t place = 0;
        while (*at == name.size && place < name.size && at + 1 + place < end && (name.at[place] | 32) == at[1 + place])
            place++;
        if (*at == name.size && place == name.size)
            return 1;
    }
    return 0;
}

typedef struct {
    Text watched, method, uri, reason, value[WANTED], cseq_method, from_uri, from_tag, to_uri, to_tag, branch, sent_by, contact;
    uint64_t cseq, status;
    int vias, rare;
} Message;

static int
start_line(Text line, Message *message)
{
    const char *end = line.at + line.size, *at, *uri, *colon;
    if (line.size >= 12 && memcmp(line.at, "SIP/2.0 ", 8) == 0) {
        if (line.at[11] != ' ' || !read_number(line.at + 8, line.at + 11, 3, &message->status))
            return 0;
        message->reason = stripped(line.at + 12, end);
        return message->status >= 100 && message->status <= 699;
    }
    at = pass_token(line.at, end);
    message->method = (Text){line.at, at - line.at};
    if (at == line.at || at >= end || *at != ' ' || end - at < 12 || memcmp(end - 8, " SIP/2.0", 8) != 0)
        return 0;
    uri = at + 1;
    message->uri = (Text){uri, end - 8 - uri};
    if (memchr(uri, ' ', (size_t)message->uri.size) || memchr(uri, '<', (size_t)message->uri.size))
        return 0;
    colon = memchr(uri, ':', (size_t)message->uri.size);
    return colon && colon > uri && colon + 1 < end - 8;
}

static int
order(Text text, Message *message)
{
    Text *method = &message->cseq_method;
    return read_order(text, &message->cseq, method)
           && (!message->method.at || (message->method.size == method->size
                                       && memcmp(message->method.at, method->at, (size_t)method->size) == 0));
}

/* Whether all of the body is there and nothing behind it, as the message itself says. */
static int
is_sized(Text length, Py_ssize_t body)
{
    uint64_t told;
    return length.at && read_number(length.at, length.at + length.size, 9, &told) && told == (uint64_t)body;
}

static int
field(Text line, Message *message, uint32_t *seen)
{
    const char *colon = memchr(line.at, ':', (size_t)line.size), *end = line.at + line.size;
    if (!colon || colon == line.at || *line.at == ' ')
        return 0;
    Text name = stripped(line.at, colon);
    const Header *known = header(name);
    if (!message->rare && (!known || known->field >= WANTED))
        message->rare = is_watched(name, message->watched);
    if (!known)
        return 1;
    if (known->single) {
        if (*seen >> known->single & 1)
            return 0;
        *seen |= 1u << known->single;
    }
    Text value = stripped(colon + 1, end);
    for (const char *at = value.at; known->field == RECORD_ROUTE && at < end; at++)
        message->rare |= is_mark(at, end);
    if (known->field == VIA) {
        Text sent_by, branch;
        if (!read_via(value, &sent_by, &branch, &message->rare))
            return 0;
        if (!message->vias++) {
            message->sent_by = sent_by;
            message->branch = branch;
        }
    }
    if (known->field < WANTED && !message->value[known->field].at)
        message->value[known->field] = value;
    return 1;
}

static int
read_head(const char *at, const char *end, Message *message)
{
    uint32_t seen = 0;
    for (int lines = 0; at < end; lines++) {
        const char *stop = at;
        while (stop < end && *stop >= 32 && *stop < 127)
            stop++;
        if (stop < end && (stop[0] != '\r' || stop[1] != '\n'))
            return 0;
        Text line = {at, stop - at};
        if (lines >= MOST_LINES || !(lines ? field(line, message, &seen) : start_line(line, message)))
            return 0;
        at = stop + 2;
    }
    return 1;
}

/* Whether the word is in the text, in any case: who says it is rare, and is read as others read it. */
static int
holds(Text text, const char *word)
{
    Py_ssize_t size = (Py_ssize_t)strlen(word);
    for (const char *at = text.at, *last = text.at + text.size - size; at <= last; at++) {
        Py_ssize_t place = 0;
        while (place < size && (at[place] | 32) == word[place])
            place++;
        if (place == size)
            return 1;
    }
    return 0;
}

static int
read_message(const char *at, Py_ssize_t size, Message *message)
{
    const char *end = at, *behind = at + size;
    do {
        end = memchr(end, '\r', (size_t)(behind - end));
        if (!end || behind - end < 4)
            return 0;
    } while (memcmp(end++, "\r\n\r\n", 4) != 0);
    end--;
    if (!read_head(at, end, message))
        return 0;
    Text unused, *value = message->value;
    if (value[CONTACT].at
        && (holds(value[CONTACT], "isfocus") || !read_party(value[CONTACT], &message->contact, &unused)))
        return 0;
    if (value[CONTENT_TYPE].at && !is_media_type(value[CONTENT_TYPE]))
        return 0;
    return message->vias && value[CALL_ID].size && value[FROM].at && value[TO].at && value[CSEQ].at
           && order(value[CSEQ], message) && read_party(value[FROM], &message->from_uri, &message->from_tag)
           && read_party(value[TO], &message->to_uri, &message->to_tag)
           && is_sized(value[CONTENT_LENGTH], behind - end - 4);
}

/* Strings made lately: messages repeat each other, and tables should hold one of a kind. */
#define RECENT_BITS 14
#define LONGEST_KEPT 256
static PyObject *recent[1 << RECENT_BITS];

static PyObject *
shared(Text text)
{
    if (!text.size)
        Py_RETURN_NONE;
    if (text.size > LONGEST_KEPT)
        return PyUnicode_DecodeASCII(text.at, text.size, NULL);
    uint64_t hash = (uint64_t)text.size, word = 0;
    Py_ssize_t at = 0;
    for (; at + 8 <= text.size; at += 8) {
        memcpy(&word, text.at + at, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, text.at + at, (size_t)(text.size - at));
    hash = (hash ^ word) * 0xC2B2AE3D27D4EB4Fu;
    PyObject **slot = recent + (hash >> (64 - RECENT_BITS));
    if (!*slot || PyUnicode_GET_LENGTH(*slot) != text.size
        || memcmp(PyUnicode_1BYTE_DATA(*slot), text.at, (size_t)text.size) != 0) {
        PyObject *made = PyUnicode_DecodeASCII(text.at, text.size, NULL);
        if (!made)
            return NULL;
        Py_XSETREF(*slot, made);
    }
    return Py_NewRef(*slot);
}

static PyObject *
facts_of(const Message *message, Py_ssize_t size, PyTypeObject *kind)
{
    enum { COLUMNS = 23 };
    const Text *value = message->value;
    Text agent = value[USER_AGENT].size ? value[USER_AGENT] : value[SERVER];
    PyObject *item[COLUMNS] = {
        shared(message->method),
        message->method.at ? Py_NewRef(Py_None) : PyLong_FromUnsignedLongLong(message->status),
        message->method.at ? Py_NewRef(Py_None)
            : message->reason.size ? shared(message->reason) : PyUnicode_FromString(""),
        shared(value[CALL_ID]),
        PyLong_FromUnsignedLongLong(message->cseq),
        shared(message->cseq_method),
        shared(message->uri),
        shared(message->from_uri),
        shared(message->from_tag),
        shared(message->to_uri),
        shared(message->to_tag),
        shared(message->branch),
        shared(message->sent_by),
        shared(message->contact),
        Py_NewRef(Py_False),
        shared(agent),
        shared(value[CONTENT_TYPE]),
        shared(value[SESSION_ID]),
        shared(value[REASON]),
        shared(value[WARNING]),
        PyLong_FromLong(message->vias),
        PyLong_FromSsize_t(size),
        Py_NewRef(Py_None),
    };
    PyObject *facts = kind->tp_alloc(kind, COLUMNS);
    for (int column = 0; column < COLUMNS; column++) {
        if (!item[column] || !facts) {
            for (; column < COLUMNS; column++)
                Py_XDECREF(item[column]);
            Py_XDECREF(facts);
            return NULL;
        }
        PyTuple_SET_ITEM(facts, column, item[column]);
    }
    return facts;
}

PyObject *
core_facts(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    if (count != 3 || !PyBytes_Check(given[0]) || !PyType_Check(given[1])
        || !PyType_IsSubtype((PyTypeObject *)given[1], &PyTuple_Type) || !PyBytes_Check(given[2])) {
        PyErr_SetString(PyExc_TypeError, "facts takes the bytes of a message, a class of tuples, and names");
        return NULL;
    }
    Message message = {.watched = {PyBytes_AS_STRING(given[2]), PyBytes_GET_SIZE(given[2])}};
    if (!read_message(PyBytes_AS_STRING(given[0]), PyBytes_GET_SIZE(given[0]), &message))
        Py_RETURN_NONE;
    PyObject *facts = facts_of(&message, PyBytes_GET_SIZE(given[0]), (PyTypeObject *)given[1]);
    return facts ? Py_BuildValue("NO", facts, message.rare ? Py_True : Py_False) : NULL;
}
