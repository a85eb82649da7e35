/* What packets carry: second copies of it, media in it. */

#include "core.h"

/* capture/duplicates.py: the digest of each packet, and whether another of them has the same. */
PyObject *
core_repeated(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arrays arrays;
    if (!take(&arrays, given, count, "QBiiihbqi|qb"))
        return NULL;
    Py_buffer *view = arrays.view;
    const uint64_t *factor = view[0].buf;
    const uint8_t *data = view[1].buf, *flags = view[6].buf;
    const int32_t *flow = view[2].buf, *wire_length = view[3].buf, *length = view[8].buf;
    const uint32_t *sequence = view[4].buf;
    const uint16_t *identification = view[5].buf;
    const int64_t *start = view[7].buf;
    uint64_t *digest = view[9].buf;
    uint8_t *repeated = view[10].buf;
    Py_ssize_t repetitions = -1, slots = 64;
    int shift = 58;
    for (; slots < 2 * arrays.count; slots *= 2)
        shift--;
    int32_t *row_of_slot = PyMem_Malloc((size_t)slots * sizeof *row_of_slot);
    if (view[0].len < 32)
        PyErr_SetString(PyExc_TypeError, "repeated takes four factors");
    else if (!row_of_slot)
        PyErr_NoMemory();
    else {
        memset(row_of_slot, 0xFF, (size_t)slots * sizeof *row_of_slot);
        repetitions = 0;
        for (Py_ssize_t row = 0; row < arrays.count; row++) {
            uint64_t hash = ((uint64_t)(int64_t)flow[row] << 32 | (uint64_t)(int64_t)wire_length[row]) * factor[0];
            hash ^= ((uint64_t)sequence[row] << 16 | identification[row]) * factor[1];
            hash += flags[row];
            if (!identification[row] && start[row] >= 0 && start[row] + 8 <= view[1].len) {
                uint64_t first = first_bytes(data + start[row], length[row]);
                hash ^= (first ^ first >> 32) * factor[2];
            }
            hash ^= hash >> 29;
            digest[row] = hash *= factor[3];
            repeated[row] = 0;
            size_t slot = hash >> shift;
            while (row_of_slot[slot] >= 0 && digest[row_of_slot[slot]] != hash)
                slot = (slot + 1) & (size_t)(slots - 1);
            if (row_of_slot[slot] < 0)
                row_of_slot[slot] = (int32_t)row;
            else {
                repeated[row] = repeated[row_of_slot[slot]] = 1;
                repetitions++;
            }
        }
    }
    PyMem_Free(row_of_slot);
    give_back(&arrays);
    return repetitions < 0 ? NULL : PyLong_FromSsize_t(repetitions);
}

/* sessions/detection.py: classify, for payloads of the version of RTP; gives how many are not. */
PyObject *
core_media(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arrays arrays;
    if (!take(&arrays, given, count, "BBBqii|bb"))
        return NULL;
    Py_buffer *view = arrays.view;
    const uint8_t *data = view[0].buf, *is_control = view[1].buf, *code = view[2].buf;
    const int64_t *start = view[3].buf;
    const int32_t *length = view[4].buf, *wire_length = view[5].buf;
    uint8_t *kind = view[6].buf, *other = view[7].buf;
    Py_ssize_t others = 0, fits = view[1].len >= 256 && view[2].len >= 2;
    for (Py_ssize_t row = 0; row < arrays.count; row++) {
        const uint8_t *at = data + start[row];
        kind[row] = 0;
        other[row] = !fits || start[row] < 0 || start[row] + 4 > view[0].len || at[0] >> 6 != 2 || length[row] <= 0;
        others += other[row];
        if (other[row])
            continue;
        if (length[row] >= 12)
            kind[row] = code[0];
        if (is_control[at[1]])
            kind[row] = length[row] >= 8 && (two(at + 2) + 1) * 4 <= wire_length[row] ? code[1] : 0;
    }
    give_back(&arrays);
    return PyLong_FromSsize_t(others);
}

/* protocols/rtp.py: columns */
PyObject *
core_rtp(PyObject *Py_UNUSED(module), PyObject *const *given, Py_ssize_t count)
{
    Arrays arrays;
    if (!take(&arrays, given, count, "Bqii|bbhiiii"))
        return NULL;
    Py_buffer *view = arrays.view;
    const uint8_t *data = view[0].buf;
    const int64_t *start = view[1].buf;
    const int32_t *length = view[2].buf, *wire_length = view[3].buf;
    uint8_t *marker = view[4].buf, *payload_type = view[5].buf;
    uint16_t *sequence = view[6].buf;
    uint32_t *timestamp = view[7].buf, *ssrc = view[8].buf;
    int32_t *offset = view[9].buf, *payload_length = view[10].buf;
    int64_t size = view[0].len;
    int inside = 1;
    for (Py_ssize_t row = 0; row < arrays.count && inside; row++) {
        inside = start[row] >= 0 && start[row] + 12 <= size && length[row] >= 12 && start[row] + length[row] <= size;
        if (!inside)
            break;
        const uint8_t *at = data + start[row];
        marker[row] = at[1] >> 7;
        payload_type[row] = at[1] & 0x7F;
        sequence[row] = two(at + 2);
        timestamp[row] = four(at + 4);
        ssrc[row] = four(at + 8);
        offset[row] = 12 + 4 * (at[0] & 0x0F);
        if (at[0] & 0x10) {
            int64_t words = start[row] + offset[row] + 2;
            int high = words < size ? data[words] : 0, low = words + 1 < size ? data[words + 1] : 0;
            offset[row] += 4 + 4 * (high << 8 | low);
        }
        int32_t room = wire_length[row] - offset[row], padding = 0;
        if (at[0] & 0x20 && room >= 0 && length[row] == wire_length[row]) {
            padding = at[length[row] - 1];
            if (!padding || !room)
                padding = room + 1;
        }
        payload_length[row] = room - padding;
    }
    give_back(&arrays);
    return PyBool_FromLong(inside);
}
