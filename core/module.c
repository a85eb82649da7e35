/* The module collabtrace._core. */

#include "core.h"

#define FAST(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL, NULL

static PyMethodDef functions[] = {
    {"facts", FAST(core_facts)},
    {"flows", FAST(core_flows)},
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
    if (made && PyModule_AddIntConstant(made, "REVISION", 1) < 0)
        Py_CLEAR(made);
    return made;
}
