/* A table as R's vectors. */
#include <limits.h>
#include <string.h>

#include "lazy_strings.h"

static SEXP int32_column(const cjobs_column *column) {
  const int32_t *values = (const int32_t *)column->values + column->offset;
  SEXP vector = Rf_allocVector(INTSXP, column->length);
  int *to = INTEGER(vector);
  for (int64_t i = 0; i < column->length; i++)
    to[i] = cj_is_null(column, i) ? NA_INTEGER : values[i];
  return vector;
}

/* R has no 64-bit integer: a double, exact up to 2^53. */
static SEXP int64_column(const cjobs_column *column) {
  const int64_t *values = (const int64_t *)column->values + column->offset;
  SEXP vector = Rf_allocVector(REALSXP, column->length);
  double *to = REAL(vector);
  for (int64_t i = 0; i < column->length; i++)
    to[i] = cj_is_null(column, i) ? NA_REAL : (double)values[i];
  return vector;
}

static SEXP bool_column(const cjobs_column *column) {
  SEXP vector = Rf_allocVector(LGLSXP, column->length);
  int *to = LOGICAL(vector);
  for (int64_t i = 0; i < column->length; i++)
    to[i] = cj_is_null(column, i) ? NA_LOGICAL : cj_bit(column, i);
  return vector;
}

/* Seconds and the rest apart: a double of the nanoseconds would lose the last digits twice. */
static double seconds_of(int64_t nanoseconds) {
  int64_t seconds, rest;
  cj_split(nanoseconds, &seconds, &rest);
  return (double)seconds + (double)rest / 1e9;
}

static SEXP time_column(const cjobs_column *column) {
  const int64_t *values = (const int64_t *)column->values + column->offset;
  SEXP vector = PROTECT(Rf_allocVector(REALSXP, column->length));
  double *to = REAL(vector);
  for (int64_t i = 0; i < column->length; i++)
    to[i] = cj_is_null(column, i) ? NA_REAL : seconds_of(values[i]);
  SEXP class = PROTECT(Rf_allocVector(STRSXP, 2));
  SET_STRING_ELT(class, 0, Rf_mkChar("POSIXct"));
  SET_STRING_ELT(class, 1, Rf_mkChar("POSIXt"));
  Rf_classgets(vector, class);
  SEXP zone = PROTECT(Rf_mkString("UTC"));
  Rf_setAttrib(vector, Rf_install("tzone"), zone);
  UNPROTECT(3);
  return vector;
}

static SEXP column_of(SEXP owner, const cjobs_column *column) {
  switch (column->type) {
    case CJOBS_TYPE_TEXT:
    case CJOBS_TYPE_DICTIONARY:
      /* Character, not a factor: a factor compared with a number is silently FALSE. */
      return cj_strings(owner, column);
    case CJOBS_TYPE_INT32:
      return int32_column(column);
    case CJOBS_TYPE_INT64:
      return int64_column(column);
    case CJOBS_TYPE_BOOL:
      return bool_column(column);
    case CJOBS_TYPE_TIMESTAMP:
      return time_column(column);
    default:
      return R_NilValue; /* a type of a later version: R leaves the column out */
  }
}

static const char exact_of[] = "timestamp", exact_name[] = "timestamp_exact";

/* The columns in order, and one more for a log: its times as text, which costs nothing until it is
 * looked at. R code takes it out where nobody asked for it. */
SEXP cj_frame(struct cj_result *result) {
  const cjobs_table *table = result->table;
  int64_t columns = cj_api.table_columns(table);
  int64_t rows = cj_api.table_rows(table);
  if (rows > INT_MAX) Rf_error("%.0f rows are too many for a data frame", (double)rows);
  SEXP owner = PROTECT(cj_own_table(result));
  SEXP list = PROTECT(Rf_allocVector(VECSXP, columns + 1));
  SEXP names = PROTECT(Rf_allocVector(STRSXP, columns + 1));
  SET_STRING_ELT(names, columns, Rf_mkChar(exact_name));
  for (int64_t i = 0; i < columns; i++) {
    cjobs_column column = CJOBS_COLUMN_INIT;
    const char *name = cj_api.table_name(table, i);
    SET_STRING_ELT(names, i, Rf_mkCharCE(name, CE_UTF8));
    if (cj_api.table_column(table, i, &column, NULL) != CJOBS_OK) continue;
    SET_VECTOR_ELT(list, i, column_of(owner, &column));
    if (column.type == CJOBS_TYPE_TIMESTAMP && strcmp(name, exact_of) == 0)
      SET_VECTOR_ELT(list, columns, cj_strings(owner, &column));
  }
  Rf_namesgets(list, names);
  SEXP count = PROTECT(Rf_ScalarInteger((int)rows));
  Rf_setAttrib(list, Rf_install("rows"), count);
  UNPROTECT(4);
  return list;
}
