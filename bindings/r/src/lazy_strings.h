/* Character vectors that make their strings when they are asked for. */
#ifndef CJ_LAZY_STRINGS_H
#define CJ_LAZY_STRINGS_H

#include <R_ext/Rdynload.h>

#include "text.h"

/* One that reads a TEXT, DICTIONARY or TIMESTAMP column of the table that `owner` keeps. */
SEXP cj_strings(SEXP owner, const cjobs_column *column);
/* Tells R of them; once. */
void cj_init_strings(DllInfo *dll);

#endif
