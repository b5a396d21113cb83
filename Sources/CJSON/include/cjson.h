/*
 * Boost.JSON's incremental parser, told as C callbacks: bytes go in as they arrive, events come
 * out. It checks UTF-8 and bounds the depth, and holds no document. No logic.
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

/* Each returns whether to go on. A key or text may come in several parts: the last has last set. */
typedef struct cjson_events {
  bool (*object_begin)(void *context);
  bool (*object_end)(void *context);
  bool (*array_begin)(void *context);
  bool (*array_end)(void *context);
  bool (*key)(void *context, const char *bytes, size_t length, bool last);
  bool (*text)(void *context, const char *bytes, size_t length, bool last);
  bool (*integer)(void *context, int64_t value);
  bool (*real)(void *context, double value);
  bool (*boolean)(void *context, bool value);
  bool (*null)(void *context);
} cjson_events;

typedef enum cjson_status {
  CJSON_MORE,    /* all was consumed; the document goes on */
  CJSON_DONE,    /* the document is complete */
  CJSON_STOPPED, /* a callback returned false */
  CJSON_INVALID, /* not JSON; cjson_problem says why */
} cjson_status;

/* NULL where there is no memory. */
cjson_parser *cjson_new(const cjson_events *events, void *context, size_t max_depth);
void cjson_free(cjson_parser *parser);

/* Begins a new document. */
void cjson_reset(cjson_parser *parser);

/* Reads on; *consumed says how far. `more` false: the document ends with these bytes. */
cjson_status cjson_write(cjson_parser *parser, const char *bytes, size_t length, bool more,
                         size_t *consumed);

/* Why the last status was CJSON_INVALID; static text. */
const char *cjson_problem(const cjson_parser *parser);

#ifdef __cplusplus
}
#endif

#endif /* CJSON_H */
