/* Reading a column of a table: one value at a time. Rows are not checked here. */
#ifndef CJ_TEXT_H
#define CJ_TEXT_H

#include "shim.h"

static inline int cj_bit_at(const void *bits, int64_t i) {
  return ((const uint8_t *)bits)[i / 8] >> (i % 8) & 1;
}

static inline int cj_is_null(const cjobs_column *column, int64_t row) {
  return column->validity != NULL && !cj_bit_at(column->validity, column->offset + row);
}

/* Of a BOOL column: 0 or 1. */
static inline int cj_bit(const cjobs_column *column, int64_t row) {
  return cj_bit_at(column->values, column->offset + row);
}

/* Of a DICTIONARY column: the code of a row, and the word of a code. */
static inline int32_t cj_code(const cjobs_column *column, int64_t row) {
  return ((const int32_t *)column->values)[column->offset + row];
}
SEXP cj_word(const cjobs_column *column, int64_t code);

/* A row of a TEXT, DICTIONARY or TIMESTAMP column; NA for null. Never fails but for want of memory:
 * it is called where R cannot be told of an error. */
SEXP cj_text(const cjobs_column *column, int64_t row);
/* R's error where a text of the column is too long for R; to be called once, before cj_text. */
void cj_check_text(const cjobs_column *column);

/* Nanoseconds as whole seconds, rounded down, and the rest. */
void cj_split(int64_t nanoseconds, int64_t *seconds, int64_t *rest);

#endif
