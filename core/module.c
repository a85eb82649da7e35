/* The module collabtrace._core. */

#include "core.h"

#ifdef __linux__
#include <malloc.h>
#endif

/* Let the process keep what is freed: chunk after chunk takes the same memory, and each time the kernel would have to
   clear it. */
static PyObject *
core_keep_freed(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(nothing))
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
    Py_RETURN_NONE;
}

#define FAST(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL, NULL

static PyMethodDef functions[] = {
    {"facts", FAST(core_facts)},
    {"flows", FAST(core_flows)},
    {"keep_freed", core_keep_freed, METH_NOARGS, NULL},
    {"media", FAST(core_media)},
    {"payloads", FAST(core_payloads)},
    {"repeated", FAST(core_repeated)},
    {"rtp", FAST(core_rtp)},
    {"walk", core_walk, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_core", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit__core(void)
{
    prepare_values();
    prepare_headers();
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddIntConstant(made, "REVISION", 3) < 0)
        Py_CLEAR(made);
    return made;
}
