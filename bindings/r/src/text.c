/* One text of a table as R's string (CHARSXP): UTF-8, and marked so where it is not ASCII. */
#include "text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* R's strings cannot hold NUL: U+2400, the picture of it, stands in its place. */
static SEXP without_nul(const char *bytes, size_t length) {
  static const char picture[] = "\xE2\x90\x80";
  size_t size = length, used = 0;
  for (size_t i = 0; i < length; i++) size += bytes[i] == '\0' ? 2 : 0;
  const void *top = vmaxget();
  char *text = R_alloc(size, 1);
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\0') {
      memcpy(text + used, picture, 3);
      used += 3;
    } else {
      text[used++] = bytes[i];
    }
  }
  SEXP string = Rf_mkCharLenCE(text, (int)used, CE_UTF8);
  vmaxset(top);
  return string;
}

static SEXP string_of(const char *bytes, const int64_t *offsets, int64_t i) {
  size_t length = (size_t)(offsets[i + 1] - offsets[i]);
  if (length == 0) return R_BlankString;
  bytes += offsets[i];
  if (memchr(bytes, '\0', length) != NULL) return without_nul(bytes, length);
  return Rf_mkCharLenCE(bytes, (int)length, CE_UTF8);
}

SEXP cj_word(const cjobs_column *column, int64_t code) {
  return string_of(column->dictionary_values, column->dictionary_offsets, code);
}

/* Days since 1970 as a date of the Gregorian calendar, which repeats every 400 years. Counted from
 * March, so that a leap day is the last of its year. */
static void date_of(int64_t days, int *year, int *month, int *day) {
  int64_t shifted = days + 719468; /* since 0000-03-01; never negative between 1677 and 2262 */
  int64_t era = shifted / 146097, of_era = shifted % 146097;
  int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
  int64_t from_march = (5 * of_year + 2) / 153;
  *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
  *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
  *year = (int)(era * 400 + years + (*month <= 2));
}

void cj_split(int64_t nanoseconds, int64_t *seconds, int64_t *rest) {
  *seconds = nanoseconds / 1000000000;
  *rest = nanoseconds % 1000000000;
  if (*rest < 0) {
    *rest += 1000000000;
    *seconds -= 1;
  }
}

/* RFC 3339 in UTC, with all nine digits: it sorts as text as it does in time. */
static SEXP exact_time(int64_t nanoseconds) {
  int64_t seconds, rest;
  int year, month, day;
  char text[64];
  cj_split(nanoseconds, &seconds, &rest);
  int64_t days = seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400);
  int of_day = (int)(seconds - days * 86400);
  date_of(days, &year, &month, &day);
  int length = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", year, month, day,
                        of_day / 3600, of_day / 60 % 60, of_day % 60, (int)rest);
  return Rf_mkCharLenCE(text, length, CE_UTF8);
}

SEXP cj_text(const cjobs_column *column, int64_t row) {
  if (cj_is_null(column, row)) return NA_STRING;
  switch (column->type) {
    case CJOBS_TYPE_TEXT:
      return string_of(column->values, column->offsets, column->offset + row);
    case CJOBS_TYPE_DICTIONARY:
      return cj_word(column, cj_code(column, row));
    default:
      return exact_time(((const int64_t *)column->values)[column->offset + row]);
  }
}

/* A NUL becomes three bytes, so a third of R's limit is safe whatever is in it. */
static void check_lengths(const int64_t *offsets, int64_t count) {
  if (count == 0 || offsets[count] - offsets[0] <= INT_MAX / 3) return;
  for (int64_t i = 0; i < count; i++)
    if (offsets[i + 1] - offsets[i] > INT_MAX / 3)
      Rf_error("a text of %.0f bytes is too long for R", (double)(offsets[i + 1] - offsets[i]));
}

void cj_check_text(const cjobs_column *column) {
  if (column->type == CJOBS_TYPE_TEXT)
    check_lengths(column->offsets + column->offset, column->length);
  if (column->type == CJOBS_TYPE_DICTIONARY)
    check_lengths(column->dictionary_offsets, column->dictionary_length);
}
