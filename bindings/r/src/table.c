/* A table as an external pointer, which vectors over its buffers keep. */
#include "shim.h"

/* The bytes of all tables that R holds. R's collector does not see them, so it is called when they
 * have become many: a loop over large logs does not grow. */
static double held, limit = 256e6;

/* A table is freed at the second collection that finds it unreachable: a finalizer of R code's that
 * runs in the first may still look at its vectors, and they may not be empty then. */
static void finalize(SEXP owner) {
  cjobs_table *table = R_ExternalPtrAddr(owner);
  SEXP bytes = R_ExternalPtrTag(owner);
  if (table == NULL) return;
  if (R_ExternalPtrProtected(owner) == R_NilValue) {
    R_SetExternalPtrProtected(owner, bytes);
    R_RegisterCFinalizer(owner, finalize);
    return;
  }
  R_ClearExternalPtr(owner);
  held -= Rf_asReal(bytes);
  cj_api.table_free(table);
}

static double bytes_of(const cjobs_table *table) {
  double bytes = 0;
  for (int64_t i = 0; i < cj_api.table_columns(table); i++) {
    cjobs_column column = CJOBS_COLUMN_INIT;
    if (cj_api.table_column(table, i, &column, NULL) != CJOBS_OK) continue;
    bytes += 8.0 * (double)column.length;
    if (column.type == CJOBS_TYPE_TEXT)
      bytes +=
          (double)(column.offsets[column.offset + column.length] - column.offsets[column.offset]);
  }
  return bytes;
}

SEXP cj_own_table(struct cj_result *result) {
  double bytes = bytes_of(result->table);
  SEXP tag = PROTECT(Rf_ScalarReal(bytes));
  SEXP owner = PROTECT(R_MakeExternalPtr(NULL, tag, R_NilValue));
  /* Not at exit: other finalizers of then may still read, and the memory ends with the process. */
  R_RegisterCFinalizer(owner, finalize);
  R_SetExternalPtrAddr(owner, result->table);
  result->table = NULL;
  held += bytes;
  if (held > limit) {
    R_gc();
    R_gc();
    limit = held < 128e6 ? 256e6 : 2 * held;
  }
  UNPROTECT(2);
  return owner;
}
