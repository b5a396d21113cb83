/* Clients and tails as external pointers. */
#include <stdlib.h>

#include "shim.h"

struct cj_handle *cj_handle_of(SEXP pointer) {
  return TYPEOF(pointer) == EXTPTRSXP ? R_ExternalPtrAddr(pointer) : NULL;
}

/* Open clients and tails. R's collector does not see that each may hold descriptors, so it is
 * called when there have become many: those that are out of reach are closed. */
static int open_handles, most_handles = 40;

static void release(struct cj_handle *handle) {
  void *native = handle->native;
  if (native == NULL) return;
  handle->native = NULL;
  open_handles--;
  handle->release(native);
}

/* The collector's and, at the end of the session, R's. A handle that is inside a call stays: R can
 * quit in the interrupt callback (Rscript does so), and the library's frames still use it. */
static void finalize(SEXP pointer) {
  struct cj_handle *handle = cj_handle_of(pointer);
  if (handle == NULL || handle->busy > 0) return;
  R_ClearExternalPtr(pointer);
  release(handle);
  free(handle);
}

SEXP cj_handle_new(void (*release)(void *native)) {
  if (open_handles >= most_handles) {
    R_gc();
    most_handles = open_handles < 20 ? 40 : 2 * open_handles;
  }
  SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, finalize, TRUE);
  struct cj_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL) Rf_error("no memory for a handle");
  handle->release = release;
  R_SetExternalPtrAddr(pointer, handle);
  UNPROTECT(1);
  return pointer;
}

void cj_handle_open(SEXP pointer, void *native) {
  cj_handle_of(pointer)->native = native;
  if (native != NULL) open_handles++;
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
  if (handle != NULL) release(handle);
  return Rf_ScalarLogical(TRUE);
}
