/* What the files of the shim share.
 *
 * The rule of every call: all that R has to allocate before the library is called is allocated
 * first; nothing of R's that can fail is called while a frame of the library is on the stack; what
 * the library gave is owned by an external pointer before R allocates again. So no error of R's,
 * wherever it comes, jumps over the library or leaks. */
#ifndef CJ_SHIM_H
#define CJ_SHIM_H

#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>

#include "library.h"

/* ---- handles.c: clients and tails ---- */

/* A client or a tail, behind an external pointer. */
struct cj_handle {
  void *native; /* NULL: closed */
  int busy;     /* calls that are inside it now: it may not be closed meanwhile */
  void (*release)(void *native);
};

/* A new external pointer with an empty handle, to be opened; unprotected. */
SEXP cj_handle_new(void (*release)(void *native));
/* Gives it what it is for; NULL where that could not be opened. Allocates nothing. */
void cj_handle_open(SEXP pointer, void *native);
/* The handle of an external pointer; NULL for the nil pointer of a saved workspace. */
struct cj_handle *cj_handle_of(SEXP pointer);

/* ---- call.c: one call of the library ---- */

/* What a call has given, until it is handed to R. */
struct cj_result {
  cjobs_table *table;
  cjobs_error *error;
};

struct cj_call {
  struct cj_handle *handle;
  struct cj_result *result;
  SEXP owner; /* the external pointer that owns `result` */
  SEXP token; /* where R's jump goes on when it was held up in the interrupt callback */
  int deaf;   /* interrupts wait until the call is over */
  int interrupted;
  struct cj_call *outer; /* the call whose interrupt callback runs R code that made this one */
  cjobs_status status;
};

/* Begins a call on a handle, which must be open; cj_end or cj_finish must follow. */
void cj_begin(struct cj_call *call, SEXP pointer);
/* Ends it. Does not return if R was interrupted meanwhile: R's jump goes on. */
void cj_end(struct cj_call *call);
/* cj_end, then what R gets: a list of columns; the failure (class "cj_failure"); or the status,
 * where there is no table. */
SEXP cj_finish(struct cj_call *call);
/* The failure as a list, its error owned by `result` until then. */
SEXP cj_failure(struct cj_result *result);

/* The library's callbacks; neither calls anything of R's that could jump over the library. */
int cj_interrupt(void *user_data);
void cj_note(int32_t level, const char *message, void *user_data);

/* ---- hooks.c: what a client's calls run ---- */

/* The options of a call: the client's hooks; NULL where it has none. */
const cjobs_call_options *cj_hooked(SEXP client, cjobs_call_options *options);

/* ---- arguments.c: what R hands over, as C (checked in R before) ---- */

const char *cj_utf8(SEXP string);          /* NULL for NULL and NA */
const char *const *cj_utf8s(SEXP strings); /* an element that is NA is NULL */
int64_t cj_int64(SEXP number);

/* ---- table.c, frame.c: what a table becomes ---- */

/* Takes the table out of a result into an external pointer, which frees it; unprotected. */
SEXP cj_own_table(struct cj_result *result);
/* The columns of the result's table as a named list of vectors, with attribute "rows". The vectors
 * own the table from then on. */
SEXP cj_frame(struct cj_result *result);

#endif
