/* Arrays of numpy as C sees them. */

#include "core.h"

void
give_back(Arrays *arrays)
{
    while (arrays->taken)
        PyBuffer_Release(arrays->view + --arrays->taken);
}

/* Take one buffer for each letter of *kinds*, which tells its item: b u1, h u2, i 4 bytes, q 8 bytes. In lower case the
   array has an item for each packet (their number is that of the first such), in upper case any number; what stands
   behind the bar is written to. */
int
take(Arrays *arrays, PyObject *const *given, Py_ssize_t count, const char *kinds)
{
    int writable = 0;
    arrays->taken = 0;
    arrays->count = -1;
    for (; *kinds; kinds++) {
        if (*kinds == '|') {
            writable = 1;
            continue;
        }
        Py_buffer *view = arrays->view + arrays->taken;
        if (arrays->taken >= count
            || PyObject_GetBuffer(given[arrays->taken], view, PyBUF_C_CONTIGUOUS | (writable ? PyBUF_WRITABLE : 0)) < 0)
            goto failed;
        arrays->taken++;
        int letter = *kinds | 32, is_column = *kinds == letter;
        Py_ssize_t size = letter == 'b' ? 1 : letter == 'h' ? 2 : letter == 'i' ? 4 : 8, items = view->len / size;
        if (view->len % size || (is_column && arrays->count >= 0 && items != arrays->count))
            goto failed;
        if (is_column)
            arrays->count = items;
    }
    return 1;
failed:
    give_back(arrays);
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "arrays do not fit each other");
    return 0;
}
