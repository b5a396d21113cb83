/* Opening libconnectjobs. Which files are tried, and in which order, is decided in R. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "shim.h"

struct cj_api cj_api;

/* Looks every function up; the name of the first one that is not there, or NULL. */
static const char *fill(void *library, struct cj_api *api) {
  void *symbol;
  /* memcpy: ISO C has no conversion from an object's pointer to a function's. */
#define CJ_FIND(name)                                                           \
  if ((symbol = dlsym(library, "cjobs_" #name)) == NULL) return "cjobs_" #name; \
  memcpy(&api->name, &symbol, sizeof symbol);
  CJ_FUNCTIONS(CJ_FIND)
#undef CJ_FIND
  return NULL;
}

/* Opens the library at `path` and keeps its functions. NULL, or the reason why it is not used. */
SEXP r_load(SEXP path) {
  struct cj_api found;
  char reason[1024];
  /* RTLD_LOCAL: its functions are nobody else's business in this process. */
  void *library = dlopen(Rf_translateChar(STRING_ELT(path, 0)), RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *why = dlerror();
    return Rf_mkString(why != NULL ? why : "cannot be opened");
  }
  const char *missing = fill(library, &found);
  if (missing != NULL)
    snprintf(reason, sizeof reason, "it has no function %s", missing);
  else if (found.abi_version() != CJOBS_ABI_VERSION)
    snprintf(reason, sizeof reason, "its ABI number is %d, this package needs %d",
             (int)found.abi_version(), CJOBS_ABI_VERSION);
  else {
    cj_api = found; /* and it stays open for the rest of the process */
    return R_NilValue;
  }
  dlclose(library);
  return Rf_mkString(reason);
}

/* Path, version and ABI number of the library that is in use; NULL before there is one. */
SEXP r_library(void) {
  const char *names[] = {"path", "version", "abi", ""};
  Dl_info info = {0};
  void *address;
  if (cj_api.version == NULL) return R_NilValue;
  memcpy(&address, &cj_api.version, sizeof address);
  SEXP result = PROTECT(Rf_mkNamed(VECSXP, names));
  const char *path = dladdr(address, &info) != 0 ? info.dli_fname : "";
  SET_VECTOR_ELT(result, 0, Rf_mkString(path));
  SET_VECTOR_ELT(result, 1, Rf_mkString(cj_api.version()));
  SET_VECTOR_ELT(result, 2, Rf_ScalarInteger(cj_api.abi_version()));
  UNPROTECT(1);
  return result;
}

/* The names of statuses; NA for no status. */
SEXP r_status_names(SEXP statuses) {
  R_xlen_t n = XLENGTH(statuses);
  SEXP names = PROTECT(Rf_allocVector(STRSXP, n));
  for (R_xlen_t i = 0; i < n; i++) {
    int status = INTEGER(statuses)[i];
    SET_STRING_ELT(names, i,
                   status == NA_INTEGER ? NA_STRING : Rf_mkChar(cj_api.status_name(status)));
  }
  UNPROTECT(1);
  return names;
}
