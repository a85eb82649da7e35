/* Packets: columns in, columns out. */

#include "core.h"

/* capture/walk.py: walk */
PyObject *
core_walk(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer data;
    Py_ssize_t size, position;
    int big, field, extra, padding;
    unsigned int least, most;
    long long stop;
    if (!PyArg_ParseTuple(arguments, "y*nnpiiIIiL", &data, &size, &position, &big, &field, &extra, &least, &most,
                          &padding, &stop))
        return NULL;
    const uint8_t *bytes = data.buf;
    size_t count = 0, room = 1024;
    int64_t *at = PyMem_Malloc(room * sizeof *at);
    if (size > data.len)
        size = data.len;
    while (at && position >= 0 && position <= size - field - 4) {
        uint32_t length = big ? four(bytes + position + field) : (uint32_t)first_bytes(bytes + position + field, 4);
        uint32_t word = big ? four(bytes + position) : (uint32_t)first_bytes(bytes + position, 4);
        int64_t whole = ((int64_t)length + padding - 1) / padding * padding;
        if (length < least || length > most || position + whole + extra > size || (stop >= 0 && word == stop))
            break;
        if (count == room) {
            int64_t *more = PyMem_Realloc(at, (room *= 2) * sizeof *at);
            if (!more)
                PyMem_Free(at);
            at = more;
            if (!at)
                break;
        }
        at[count++] = position;
        position += whole + extra;
    }
    PyBuffer_Release(&data);
    if (!at)
        return PyErr_NoMemory();
    PyObject *places = PyByteArray_FromStringAndSize((const char *)at, (Py_ssize_t)(count * sizeof *at));
    PyMem_Free(at);
    return places ? Py_BuildValue("Nn", places, position) : NULL;
}

/* Bytes of a packet that are looked at before it is known to hold them. */
#define LOOKED_AT 128
enum { IPV4 = 0x0800, IPV6 = 0x86DD, UDP = 17, TCP = 6 };

static int
is_tag(uint16_t kind)
{
    return kind == 0x8100 || kind == 0x88A8 || kind == 0x9100;
}

/* capture/shapes.py: usual, for UDP and TCP on one version of IP without a tunnel, behind a header that has an
   EtherType; packets that are done already are left out. */
PyObject *
core_payloads(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arrays arrays;
    long place[3] = {-1, -1, -1};
    for (int each = 0; count == 21 && each < 3; each++)
        place[each] = PyLong_AsLong(given[18 + each]);
    if (place[0] < 0 || place[0] > 32 || place[1] < 0 || place[1] > 32 || (place[2] != 4 && place[2] != 6)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "payloads takes 18 arrays, two places and the version of IP");
        return NULL;
    }
    if (!take(&arrays, given, 18, "BHqqq|biqQqiiibbhib"))
        return NULL;
    Py_buffer *view = arrays.view;
    const uint8_t *data = view[0].buf;
    const uint16_t *tunnel = view[1].buf;
    const int64_t *begin = view[2].buf, *captured = view[3].buf, *wire = view[4].buf;
    uint8_t *done = view[5].buf, *ttl = view[13].buf, *dscp = view[14].buf, *flags = view[17].buf;
    int32_t *row = view[6].buf, *start = view[10].buf, *length = view[11].buf, *wire_length = view[12].buf;
    uint64_t *ends = view[7].buf, *wide = view[8].buf, *kind = view[9].buf;
    uint16_t *identification = view[15].buf;
    uint32_t *sequence = view[16].buf;
    Py_ssize_t found = 0, tunnels = view[1].len / 2, last = view[0].len - LOOKED_AT, all = arrays.count;
    int is_6 = place[2] == 6, header = is_6 ? 40 : 20;
    for (Py_ssize_t number = 0; number < all; number++) {
        if (done[number] || begin[number] < 0 || begin[number] > last)
            continue;
        const uint8_t *ip = data + begin[number] + place[1];
        uint16_t type = two(data + begin[number] + place[0]);
        for (int tags = 0; tags < 2 && is_tag(type); tags++, ip += 4)
            type = two(ip + 2);
        if (is_6 ? type != IPV6 || ip[0] >> 4 != 6 || !two(ip + 4)
                 : type != IPV4 || ip[0] != 0x45 || two(ip + 6) & 0x3FFF)
            continue;
        int64_t passed = ip - data - begin[number], held = captured[number] - passed;
        int64_t total = is_6 ? two(ip + 4) + 40 : two(ip + 2);
        int protocol = ip[is_6 ? 6 : 9], is_tcp = protocol == TCP;
        const uint8_t *upper = ip + header;
        int64_t behind = header + (is_tcp ? (upper[12] >> 4) * 4 : 8);
        int64_t sent = is_tcp ? total - behind : two(upper + 4) - 8;
        int plain = is_tcp ? behind >= header + 20 && held >= header + 14
                           : protocol == UDP && header + 8 + sent <= total && held >= header + 8;
        for (Py_ssize_t each = 0; each < tunnels && !is_tcp; each++)
            plain &= two(upper) != tunnel[each] && two(upper + 2) != tunnel[each];
        if (!plain || sent < 0 || total > wire[number] - passed || (is_6 && view[8].len < 24 * all))
            continue;
        int64_t kept = held > behind ? held - behind : 0;
        done[number] = 1;
        row[found] = (int32_t)number;
        ends[found] = is_6 ? eight(ip + 8) : eight(ip + 12);
        for (int word = 0; is_6 && word < 3; word++)
            wide[word * all + found] = eight(ip + 16 + 8 * word);
        kind[found] = (uint64_t)four(upper) << 16 | (uint64_t)protocol << 8 | (is_6 ? 6 : 4);
        start[found] = (int32_t)(ip - data + (behind < held ? behind : held));
        length[found] = (int32_t)(kept < sent ? kept : sent);
        wire_length[found] = (int32_t)sent;
        ttl[found] = ip[is_6 ? 7 : 8];
        dscp[found] = is_6 ? two(ip) >> 6 & 0x3F : ip[1] >> 2;
        identification[found] = is_6 ? 0 : two(ip + 4);
        sequence[found] = is_tcp ? four(upper + 4) : 0;
        flags[found++] = is_tcp ? upper[13] : 0;
    }
    give_back(&arrays);
    return PyLong_FromSsize_t(found);
}

/* capture/flow_numbers.py: the flow of each payload of IPv4, -1 where its slot holds another; and the hashes. */
PyObject *
core_flows(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arrays arrays;
    if (!take(&arrays, given, count, "QIQQqq|qi"))
        return NULL;
    Py_buffer *view = arrays.view;
    const uint64_t *factor = view[0].buf, *known_ends = view[2].buf, *known_kind = view[3].buf;
    const int32_t *slots = view[1].buf;
    const uint64_t *ends = view[4].buf, *kind = view[5].buf;
    uint64_t *mixed = view[6].buf;
    int32_t *flow = view[7].buf;
    int64_t known = view[2].len / 8 < view[3].len / 8 ? view[2].len / 8 : view[3].len / 8;
    Py_ssize_t slot_count = view[1].len / 4, missed = 0;
    int shift = 64;
    for (; (Py_ssize_t)1 << (64 - shift) < slot_count; shift--)
        ;
    if (view[0].len < 16 || slot_count < 2 || (Py_ssize_t)1 << (64 - shift) != slot_count) {
        give_back(&arrays);
        PyErr_SetString(PyExc_TypeError, "flows takes two factors, and slots by the power of two");
        return NULL;
    }
    for (Py_ssize_t number = 0; number < arrays.count; number++) {
        uint64_t hash = ends[number] * factor[0] ^ kind[number];
        hash ^= hash >> 29;
        hash *= factor[1];
        mixed[number] = hash;
        int32_t found = slots[hash >> shift];
        if (found >= 0 && (found >= known || known_ends[found] != ends[number] || known_kind[found] != kind[number]))
            found = -1;
        missed += found < 0;
        flow[number] = found;
    }
    give_back(&arrays);
    return PyLong_FromSsize_t(missed);
}
