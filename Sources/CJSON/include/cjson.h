/*
 * Boost.JSON's incremental parser, told in C: bytes go in as they arrive, events come out, many at
 * a time. It checks UTF-8 and bounds the depth, and holds no document. No logic.
 */
#ifndef CJSON_H
#define CJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cjson_parser cjson_parser;

/* What a document is made of. A key or text may come in parts: the last is KEY or TEXT. */
typedef enum __attribute__((enum_extensibility(closed))) cjson_kind : uint8_t {
  CJSON_OBJECT_BEGIN,
  CJSON_OBJECT_END,
  CJSON_ARRAY_BEGIN,
  CJSON_ARRAY_END,
  CJSON_KEY_PART,
  CJSON_KEY,
  CJSON_TEXT_PART,
  CJSON_TEXT,
  CJSON_INTEGER,
  CJSON_REAL,
  CJSON_BOOLEAN,
  CJSON_NULL,
} cjson_kind;

typedef struct cjson_event {
  cjson_kind kind;
  uint32_t length; /* of `bytes` */
  union {
    const char *bytes; /* KEY, TEXT and their parts; only during the call */
    int64_t integer;   /* INTEGER; BOOLEAN: 0 or 1 */
    double real;       /* REAL */
  };
} cjson_event;

/* Takes events, in order; returns whether to go on. */
typedef bool (*cjson_receiver)(void *context, const cjson_event *events, size_t count);

typedef enum cjson_status {
  CJSON_MORE,    /* all was consumed; the document goes on, or another may follow */
  CJSON_DONE,    /* the one document is complete */
  CJSON_STOPPED, /* the receiver returned false */
  CJSON_INVALID, /* not JSON; cjson_problem says why */
} cjson_status;

/* NULL where there is no memory. */
cjson_parser *cjson_new(cjson_receiver receiver, void *context, size_t max_depth);
void cjson_free(cjson_parser *parser);

/* Begins anew. */
void cjson_reset(cjson_parser *parser);

/* What the bytes are part of. */
typedef enum cjson_extent {
  CJSON_DOCUMENT,     /* one document; more of it may follow */
  CJSON_DOCUMENT_END, /* one document, which ends with them */
  CJSON_STREAM,       /* documents one after another, with or without space between */
} cjson_extent;

/* Reads on; *consumed says how far, which may be less than all although the status is MORE: then
 * the rest is to be given again. All events of what was consumed have been received when it
 * returns. */
cjson_status cjson_write(cjson_parser *parser, const char *bytes, size_t length,
                         cjson_extent extent, size_t *consumed);

/* Why the last status was CJSON_INVALID; static text. */
const char *cjson_problem(const cjson_parser *parser);

/* How many bytes of a text come before the first quote, backslash or control character; `length`
 * where there is none. *is_ascii is false where one of them is beyond ASCII, or perhaps one that
 * follows. */
size_t cjson_plain(const char *bytes, size_t length, bool *is_ascii);

/* The same; `copy` receives them, and perhaps fifteen bytes more. */
size_t cjson_copy_plain(const char *bytes, size_t length, char *copy, bool *is_ascii);

/* Whether these bytes are whole characters of UTF-8. */
bool cjson_is_utf8(const char *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif /* CJSON_H */
