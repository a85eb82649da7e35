/* What costs most in a large capture, compiled: the usual SIP message, and the usual packet.

   Every function here does again, for input of the usual form, what a function in Python or numpy does for any
   input; where it meets something unusual it says so, and the other one is asked. The package works without them,
   only slower; tests hold the two equal (collabtrace/compiled.py says what they are, tests/test_compiled.py). */

#ifndef COLLABTRACE_CORE_H
#define COLLABTRACE_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* A piece of a message; at is NULL where there is none. */
typedef struct {
    const char *at;
    Py_ssize_t size;
} Text;

/* sip_values.c: values as they are usually written; all give 0 for any other. */
void prepare_values(void);
int is_a_token(Text text);
const char *pass_token(const char *at, const char *end);
int read_number(const char *at, const char *end, int most, uint64_t *value);
int read_party(Text text, Text *uri, Text *tag);
int read_via(Text text, Text *sent_by, Text *branch, int *is_marked);
int read_order(Text text, uint64_t *sequence, Text *method);
int is_media_type(Text text);
int is_mark(const char *at, const char *end);

/* arrays.c: arrays of numpy, given as buffers. */
#define MOST_ARRAYS 20
typedef struct {
    Py_buffer view[MOST_ARRAYS];
    int taken;
    Py_ssize_t count;
} Arrays;

int take(Arrays *arrays, PyObject *const *given, Py_ssize_t count, const char *kinds);
void give_back(Arrays *arrays);

/* Numbers in network byte order. */
static inline uint16_t
two(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
four(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t
eight(const uint8_t *at)
{
    return (uint64_t)four(at) << 32 | four(at + 4);
}

/* Up to eight bytes, the first of them lowest. */
static inline uint64_t
first_bytes(const uint8_t *at, int32_t count)
{
    uint64_t word = 0;
    for (int place = 0; place < 8 && place < count; place++)
        word |= (uint64_t)at[place] << (8 * place);
    return word;
}

/* The functions of the module. */
void prepare_headers(void);
PyObject *core_facts(PyObject *module, PyObject *const *given, Py_ssize_t count);
PyObject *core_walk(PyObject *module, PyObject *arguments);
PyObject *core_payloads(PyObject *module, PyObject *const *given, Py_ssize_t count);
PyObject *core_flows(PyObject *module, PyObject *const *given, Py_ssize_t count);
PyObject *core_repeated(PyObject *module, PyObject *const *given, Py_ssize_t count);
PyObject *core_media(PyObject *module, PyObject *const *given, Py_ssize_t count);
PyObject *core_rtp(PyObject *module, PyObject *const *given, Py_ssize_t count);

#endif
