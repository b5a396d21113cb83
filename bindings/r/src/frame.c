/* A table as R's vectors, from the raw buffers. */
#include <limits.h>
#include <string.h>

#include "shim.h"

/* Long columns are left now and then, to see whether the user wants to stop. Nothing is lost by a
 * jump: the table belongs to the call's external pointer. */
static void breathe(int64_t row) {
  if ((row & 0x1ffff) == 0x1ffff) R_CheckUserInterrupt(); /* not within a batch of a tail */
}

static int bit(const void *bits, int64_t i) {
  return ((const uint8_t *)bits)[i / 8] >> (i % 8) & 1;
}

static int is_null(const cjobs_column *column, int64_t row) {
  return column->validity != NULL && !bit(column->validity, column->offset + row);
}

/* R's strings cannot hold NUL: U+2400, the picture of it, stands in its place. */
static SEXP without_nul(const char *bytes, size_t length) {
  static const char picture[] = "\xE2\x90\x80";
  size_t size = length, used = 0;
  for (size_t i = 0; i < length; i++) size += bytes[i] == '\0' ? 2 : 0;
  if (size > INT_MAX) Rf_error("a text of %.0f bytes is too long for R", (double)size);
  const void *top = vmaxget();
  char *text = R_alloc(size, 1);
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\0') {
      memcpy(text + used, picture, 3);
      used += 3;
    } else {
      text[used++] = bytes[i];
    }
  }
  SEXP string = Rf_mkCharLenCE(text, (int)used, CE_UTF8);
  vmaxset(top);
  return string;
}

static SEXP string_of(const char *bytes, const int64_t *offsets, int64_t i) {
  size_t length = (size_t)(offsets[i + 1] - offsets[i]);
  if (length == 0) return R_BlankString;
  bytes += offsets[i];
  if (memchr(bytes, '\0', length) != NULL) return without_nul(bytes, length);
  if (length > INT_MAX) Rf_error("a text of %.0f bytes is too long for R", (double)length);
  return Rf_mkCharLenCE(bytes, (int)length, CE_UTF8);
}

static SEXP text_column(const cjobs_column *column) {
  SEXP vector = PROTECT(Rf_allocVector(STRSXP, column->length));
  for (int64_t i = 0; i < column->length; i++) {
    breathe(i);
    SET_STRING_ELT(vector, i,
                   is_null(column, i)
                       ? NA_STRING
                       : string_of(column->values, column->offsets, column->offset + i));
  }
  UNPROTECT(1);
  return vector;
}

/* Each distinct text is made once. Character, not a factor: a factor compared with a number is
 * silently FALSE. */
static SEXP dictionary_column(const cjobs_column *column) {
  const int32_t *codes = (const int32_t *)column->values + column->offset;
  SEXP levels = PROTECT(Rf_allocVector(STRSXP, column->dictionary_length));
  for (int64_t i = 0; i < column->dictionary_length; i++)
    SET_STRING_ELT(levels, i, string_of(column->dictionary_values, column->dictionary_offsets, i));
  SEXP vector = PROTECT(Rf_allocVector(STRSXP, column->length));
  for (int64_t i = 0; i < column->length; i++)
    SET_STRING_ELT(vector, i, is_null(column, i) ? NA_STRING : STRING_ELT(levels, codes[i]));
  UNPROTECT(2);
  return vector;
}

static SEXP int32_column(const cjobs_column *column) {
  const int32_t *values = (const int32_t *)column->values + column->offset;
  SEXP vector = Rf_allocVector(INTSXP, column->length);
  for (int64_t i = 0; i < column->length; i++)
    INTEGER(vector)[i] = is_null(column, i) ? NA_INTEGER : values[i];
  return vector;
}

/* R has no 64-bit integer: a double, exact up to 2^53. */
static SEXP int64_column(const cjobs_column *column) {
  const int64_t *values = (const int64_t *)column->values + column->offset;
  SEXP vector = Rf_allocVector(REALSXP, column->length);
  for (int64_t i = 0; i < column->length; i++)
    REAL(vector)[i] = is_null(column, i) ? NA_REAL : (double)values[i];
  return vector;
}

static SEXP bool_column(const cjobs_column *column) {
  SEXP vector = Rf_allocVector(LGLSXP, column->length);
  for (int64_t i = 0; i < column->length; i++)
    LOGICAL(vector)[i] = is_null(column, i) ? NA_LOGICAL : bit(column->values, column->offset + i);
  return vector;
}

/* Seconds and the rest apart: a double of the nanoseconds would lose the last digits twice. */
static double seconds_of(int64_t nanoseconds) {
  return (double)(nanoseconds / 1000000000) + (double)(nanoseconds % 1000000000) / 1e9;
}

static SEXP time_column(const cjobs_column *column) {
  const int64_t *values = (const int64_t *)column->values + column->offset;
  SEXP vector = PROTECT(Rf_allocVector(REALSXP, column->length));
  for (int64_t i = 0; i < column->length; i++)
    REAL(vector)[i] = is_null(column, i) ? NA_REAL : seconds_of(values[i]);
  SEXP class = PROTECT(Rf_allocVector(STRSXP, 2));
  SET_STRING_ELT(class, 0, Rf_mkChar("POSIXct"));
  SET_STRING_ELT(class, 1, Rf_mkChar("POSIXt"));
  Rf_classgets(vector, class);
  SEXP zone = PROTECT(Rf_mkString("UTC"));
  Rf_setAttrib(vector, Rf_install("tzone"), zone);
  UNPROTECT(3);
  return vector;
}

static SEXP column_of(const cjobs_table *table, int64_t index) {
  cjobs_column column = CJOBS_COLUMN_INIT;
  if (cj_api.table_column(table, index, &column, NULL) != CJOBS_OK) return R_NilValue;
  switch (column.type) {
    case CJOBS_TYPE_TEXT:
      return text_column(&column);
    case CJOBS_TYPE_DICTIONARY:
      return dictionary_column(&column);
    case CJOBS_TYPE_INT32:
      return int32_column(&column);
    case CJOBS_TYPE_INT64:
      return int64_column(&column);
    case CJOBS_TYPE_BOOL:
      return bool_column(&column);
    case CJOBS_TYPE_TIMESTAMP:
      return time_column(&column);
    default:
      return R_NilValue; /* a type of a later version: R leaves the column out */
  }
}

SEXP cj_frame(const cjobs_table *table) {
  int64_t columns = cj_api.table_columns(table);
  int64_t rows = cj_api.table_rows(table);
  if (rows > INT_MAX) Rf_error("%.0f rows are too many for a data frame", (double)rows);
  SEXP list = PROTECT(Rf_allocVector(VECSXP, columns));
  SEXP names = PROTECT(Rf_allocVector(STRSXP, columns));
  for (int64_t i = 0; i < columns; i++) {
    SET_STRING_ELT(names, i, Rf_mkCharCE(cj_api.table_name(table, i), CE_UTF8));
    SET_VECTOR_ELT(list, i, column_of(table, i));
  }
  Rf_namesgets(list, names);
  SEXP count = PROTECT(Rf_ScalarInteger((int)rows));
  Rf_setAttrib(list, Rf_install("rows"), count);
  UNPROTECT(3);
  return list;
}
