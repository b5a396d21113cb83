/* Clients and tails as external pointers. */
#include <stdlib.h>

#include "shim.h"

struct cj_handle *cj_handle_of(SEXP pointer) {
  return TYPEOF(pointer) == EXTPTRSXP ? R_ExternalPtrAddr(pointer) : NULL;
}

/* The collector's and, at the end of the session, R's. A handle that is inside a call stays: R can
 * quit in the interrupt callback (Rscript does so), and the library's frames still use it. */
static void finalize(SEXP pointer) {
  struct cj_handle *handle = cj_handle_of(pointer);
  if (handle == NULL || handle->busy > 0) return;
  R_ClearExternalPtr(pointer);
  if (handle->native != NULL) handle->release(handle->native);
  free(handle);
}

SEXP cj_handle_new(void (*release)(void *native)) {
  SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, finalize, TRUE);
  struct cj_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL) Rf_error("no memory for a handle");
  handle->release = release;
  R_SetExternalPtrAddr(pointer, handle);
  UNPROTECT(1);
  return pointer;
}

/* TRUE while the handle can be used. */
SEXP r_is_open(SEXP pointer) {
  struct cj_handle *handle = cj_handle_of(pointer);
  return Rf_ScalarLogical(handle != NULL && handle->native != NULL);
}

/* Closes a handle now instead of when it is collected. FALSE where a call is inside it: an
 * interrupt handler of R's can get here from within that call. */
SEXP r_close(SEXP pointer) {
  struct cj_handle *handle = cj_handle_of(pointer);
  if (handle != NULL && handle->busy > 0) return Rf_ScalarLogical(FALSE);
  if (handle != NULL && handle->native != NULL) {
    void *native = handle->native;
    handle->native = NULL;
    handle->release(native);
  }
  return Rf_ScalarLogical(TRUE);
}
