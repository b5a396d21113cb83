/* What R may call. */
#include <R_ext/Visibility.h>

#include "lazy_strings.h"
#include "shim.h"

/* name, how many arguments, and those as C has them */
#define CJ_ROUTINES(F)                               \
  F(load, 1, (SEXP))                                 \
  F(library, 0, (void))                              \
  F(status_names, 1, (SEXP))                         \
  F(is_open, 1, (SEXP))                              \
  F(close, 1, (SEXP))                                \
  F(interrupt, 0, (void))                            \
  F(notes, 0, (void))                                \
  F(client_open, 3, (SEXP, SEXP, SEXP))              \
  F(client_server, 1, (SEXP))                        \
  F(content_list, 2, (SEXP, SEXP))                   \
  F(jobs_list, 2, (SEXP, SEXP))                      \
  F(jobs_list_many, 3, (SEXP, SEXP, SEXP))           \
  F(job_get, 3, (SEXP, SEXP, SEXP))                  \
  F(job_log, 4, (SEXP, SEXP, SEXP, SEXP))            \
  F(job_download, 5, (SEXP, SEXP, SEXP, SEXP, SEXP)) \
  F(job_error, 3, (SEXP, SEXP, SEXP))                \
  F(job_kill, 4, (SEXP, SEXP, SEXP, SEXP))           \
  F(job_kill_active, 3, (SEXP, SEXP, SEXP))          \
  F(job_wait, 5, (SEXP, SEXP, SEXP, SEXP, SEXP))     \
  F(tail_open, 4, (SEXP, SEXP, SEXP, SEXP))          \
  F(tail_next, 2, (SEXP, SEXP))                      \
  F(tail_summary, 1, (SEXP))                         \
  F(hooks_open, 2, (SEXP, SEXP))                     \
  F(hooks_bind, 5, (SEXP, SEXP, SEXP, SEXP, SEXP))   \
  F(hooks_unbind, 2, (SEXP, SEXP))                   \
  F(hooks_load_manifest, 2, (SEXP, SEXP))            \
  F(hooks_stats, 1, (SEXP))

#define CJ_DECLARE(name, n, arguments) SEXP r_##name arguments;
CJ_ROUTINES(CJ_DECLARE)

#define CJ_ENTRY(name, n, arguments) {#name, (DL_FUNC)&r_##name, n},
static const R_CallMethodDef routines[] = {CJ_ROUTINES(CJ_ENTRY){NULL, NULL, 0}};

void attribute_visible R_init_connectjobs(DllInfo *dll) {
  R_registerRoutines(dll, NULL, routines, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
  cj_init_strings(dll);
}
