/* R's arguments as C. They were checked in R; what is made here lives until .Call returns. */
#include "shim.h"

static const char *element(SEXP strings, R_xlen_t i) {
  SEXP string = STRING_ELT(strings, i);
  return string == NA_STRING ? NULL : Rf_translateCharUTF8(string);
}

const char *cj_utf8(SEXP string) { return Rf_isNull(string) ? NULL : element(string, 0); }

const char *const *cj_utf8s(SEXP strings) {
  R_xlen_t n = XLENGTH(strings);
  const char **array = (const char **)R_alloc((size_t)n + 1, sizeof *array);
  for (R_xlen_t i = 0; i < n; i++) array[i] = element(strings, i);
  array[n] = NULL;
  return array;
}

int64_t cj_int64(SEXP number) { return (int64_t)Rf_asReal(number); }
