/* Character vectors over the library's buffers (ALTREP): a string is made when it is asked for.
 *
 * Such a vector's data1 is a list of what it reads (below), or NULL when all of it has been made.
 * Its data2 is the ordinary vector of what has been made so far, or NULL. That keeps each string
 * alive as long as the vector, which R's own code relies on. R switches the collector off while it
 * is in `Elt`, `Set_elt` or `Dataptr`, so nothing there may jump: no error, no interrupt.
 *
 * There is no method for serialisation: R then writes an ordinary vector, which can be read where
 * this package is not there. */
#include "lazy_strings.h"

#include <R_ext/Altrep.h>
#include <limits.h>
#include <string.h>

/* What a vector reads; all that is pointed to here is kept by data1. */
struct view {
  cjobs_column column;
  R_xlen_t length;
  const SEXP *words; /* of a dictionary of few words; NULL: each is made where it is asked for */
  const int *rows;   /* what it shows, counted from 0, or NA; NULL: all rows */
};

/* What data1 holds: the table's owner, a struct view, and the vectors that this points into. */
enum { OWNER, VIEW, WORDS, ROWS, PARTS };

static R_altrep_class_t strings_class;

static const struct view *view_of(SEXP parts) {
  return (const struct view *)RAW_RO(VECTOR_ELT(parts, VIEW));
}

/* The row that element i shows; -1: none, which is NA. */
static int64_t row_of(const struct view *view, R_xlen_t i) {
  if (view->rows == NULL) return i;
  return view->rows[i] == NA_INTEGER ? -1 : view->rows[i];
}

static R_xlen_t length_of(SEXP x) {
  SEXP parts = R_altrep_data1(x);
  return parts == R_NilValue ? XLENGTH(R_altrep_data2(x)) : view_of(parts)->length;
}

static SEXP made_so_far(SEXP x) {
  SEXP made = R_altrep_data2(x);
  if (made == R_NilValue) {
    made = Rf_allocVector(STRSXP, length_of(x));
    R_set_altrep_data2(x, made);
  }
  return made;
}

/* A blank in `made` is one that has not been made, or one that is blank: the text says which. */
static SEXP make(const struct view *view, SEXP made, R_xlen_t i) {
  SEXP string = STRING_ELT(made, i);
  if (string != R_BlankString) return string;
  int64_t row = row_of(view, i);
  string = row < 0 ? NA_STRING : cj_text(&view->column, row);
  SET_STRING_ELT(made, i, string);
  return string;
}

static SEXP word_at(const struct view *view, R_xlen_t i) {
  int64_t row = row_of(view, i);
  if (row < 0 || cj_is_null(&view->column, row)) return NA_STRING;
  return view->words[cj_code(&view->column, row)];
}

static SEXP element(SEXP x, R_xlen_t i) {
  SEXP parts = R_altrep_data1(x);
  if (parts == R_NilValue) return STRING_ELT(R_altrep_data2(x), i);
  const struct view *view = view_of(parts);
  return view->words != NULL ? word_at(view, i) : make(view, made_so_far(x), i);
}

/* All of it as an ordinary vector. The buffers are let go of. */
static SEXP whole(SEXP x) {
  SEXP parts = R_altrep_data1(x);
  if (parts == R_NilValue) return R_altrep_data2(x);
  const struct view *view = view_of(parts);
  SEXP made = made_so_far(x);
  for (R_xlen_t i = 0; i < view->length; i++) {
    if (view->words != NULL)
      SET_STRING_ELT(made, i, word_at(view, i));
    else
      make(view, made, i);
  }
  R_set_altrep_data1(x, R_NilValue);
  return made;
}

static void set_element(SEXP x, R_xlen_t i, SEXP string) { SET_STRING_ELT(whole(x), i, string); }

static void *data(SEXP x, Rboolean writable) {
  (void)writable;
  return (void *)STRING_PTR_RO(whole(x));
}

static const void *data_or_null(SEXP x) {
  return R_altrep_data1(x) == R_NilValue ? STRING_PTR_RO(R_altrep_data2(x)) : NULL;
}

/* A vector that reads the same; what has been made of x is not shared, since it can be changed. */
static SEXP duplicate(SEXP x, Rboolean deep) {
  (void)deep;
  SEXP parts = R_altrep_data1(x);
  if (parts == R_NilValue) return Rf_duplicate(R_altrep_data2(x));
  return R_new_altrep(strings_class, parts, R_NilValue);
}

/* The element that a subscript names, counted from 0; -1 for NA and what is beyond the end. */
static R_xlen_t subscript(SEXP subscripts, R_xlen_t k, R_xlen_t length) {
  double i;
  if (TYPEOF(subscripts) == INTSXP) {
    int integer = INTEGER_ELT(subscripts, k);
    i = integer == NA_INTEGER ? 0 : integer;
  } else {
    i = REAL_ELT(subscripts, k);
  }
  return i >= 1 && i <= (double)length ? (R_xlen_t)i - 1 : -1;
}

static SEXP new_vector(SEXP owner, struct view view, SEXP words, SEXP rows) {
  SEXP parts = PROTECT(Rf_allocVector(VECSXP, PARTS));
  SET_VECTOR_ELT(parts, OWNER, owner);
  SET_VECTOR_ELT(parts, WORDS, words);
  SET_VECTOR_ELT(parts, ROWS, rows);
  view.words = words == R_NilValue ? NULL : STRING_PTR_RO(words);
  view.rows = rows == R_NilValue ? NULL : INTEGER_RO(rows);
  SET_VECTOR_ELT(parts, VIEW, Rf_allocVector(RAWSXP, sizeof view));
  memcpy(RAW(VECTOR_ELT(parts, VIEW)), &view, sizeof view);
  SEXP vector = R_new_altrep(strings_class, parts, R_NilValue);
  UNPROTECT(1);
  return vector;
}

/* A large part of a large vector reads the same buffers. A small one is made by R (NULL), and does
 * not keep the table. */
static SEXP subset(SEXP x, SEXP subscripts, SEXP call) {
  (void)call;
  SEXP parts = R_altrep_data1(x);
  if (parts == R_NilValue || (TYPEOF(subscripts) != INTSXP && TYPEOF(subscripts) != REALSXP))
    return NULL;
  struct view view = *view_of(parts);
  R_xlen_t length = view.length, n = XLENGTH(subscripts);
  if (n < 1024 || n < length / 8) return NULL;
  SEXP rows = PROTECT(Rf_allocVector(INTSXP, n));
  int *to = INTEGER(rows);
  for (R_xlen_t k = 0; k < n; k++) {
    R_xlen_t i = subscript(subscripts, k, length);
    int64_t row = i < 0 ? -1 : row_of(&view, i);
    to[k] = row < 0 ? NA_INTEGER : (int)row;
  }
  view.length = n;
  SEXP vector = new_vector(VECTOR_ELT(parts, OWNER), view, VECTOR_ELT(parts, WORDS), rows);
  UNPROTECT(1);
  return vector;
}

/* TRUE only where it is known without looking. */
static int no_na(SEXP x) {
  SEXP parts = R_altrep_data1(x);
  return parts != R_NilValue && view_of(parts)->column.null_count == 0 &&
         view_of(parts)->rows == NULL;
}

static int is_sorted(SEXP x) {
  SEXP parts = R_altrep_data1(x);
  int one_word = parts != R_NilValue && view_of(parts)->words != NULL &&
                 view_of(parts)->column.dictionary_length == 1 && no_na(x);
  return one_word ? SORTED_INCR : UNKNOWN_SORTEDNESS;
}

static Rboolean inspect(SEXP x, int pre, int deep, int pvec, void (*subtree)(SEXP, int, int, int)) {
  (void)pre, (void)deep, (void)pvec, (void)subtree;
  int lazy = R_altrep_data1(x) != R_NilValue, begun = R_altrep_data2(x) != R_NilValue;
  Rprintf(" connectjobs strings (%s)\n", !lazy ? "made" : begun ? "made in part" : "not made");
  return TRUE;
}

void cj_init_strings(DllInfo *dll) {
  strings_class = R_make_altstring_class("strings", "connectjobs", dll);
  R_set_altrep_Length_method(strings_class, length_of);
  R_set_altrep_Duplicate_method(strings_class, duplicate);
  R_set_altrep_Inspect_method(strings_class, inspect);
  R_set_altvec_Dataptr_method(strings_class, data);
  R_set_altvec_Dataptr_or_null_method(strings_class, data_or_null);
  R_set_altvec_Extract_subset_method(strings_class, subset);
  R_set_altstring_Elt_method(strings_class, element);
  R_set_altstring_Set_elt_method(strings_class, set_element);
  R_set_altstring_No_NA_method(strings_class, no_na);
  R_set_altstring_Is_sorted_method(strings_class, is_sorted);
}

/* Only words that repeat are made beforehand. */
static SEXP words_of(const cjobs_column *column) {
  int64_t n = column->dictionary_length;
  if (column->type != CJOBS_TYPE_DICTIONARY || n > column->length / 2) return R_NilValue;
  SEXP words = PROTECT(Rf_allocVector(STRSXP, n));
  for (int64_t i = 0; i < n; i++) SET_STRING_ELT(words, i, cj_word(column, i));
  UNPROTECT(1);
  return words;
}

SEXP cj_strings(SEXP owner, const cjobs_column *column) {
  struct view view = {.column = *column, .length = (R_xlen_t)column->length};
  cj_check_text(column);
  SEXP words = PROTECT(words_of(column));
  SEXP vector = new_vector(owner, view, words, R_NilValue);
  UNPROTECT(1);
  return vector;
}
