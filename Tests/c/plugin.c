/* A plugin as a person would write it: it knows nothing of job events, and includes the header only
 * for its batch function. run.sh builds it as a shared library. */
#include <connectjobs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was written and called so far; the tests read it through plugin_said. */
static char said[65536];
static int calls;

extern const char plugin_constant[];
extern int plugin_number;
extern __thread int plugin_of_thread;
const char plugin_constant[] = "data, not a function";
int plugin_number = 7;
__thread int plugin_of_thread = 7;

const char *plugin_said(void);
int plugin_calls(void);
void plugin_forget(void);
int plugin_print(char *text, size_t size, const char *format, ...);
int plugin_journal(const char *format, ...);
int plugin_keep_all(const char *source, int64_t timestamp_ns);
int plugin_drop_errors(const char *source);
char *plugin_upper(const char *data, size_t length);
const char *plugin_borrowed(const char *data);
int32_t plugin_every_second(const cjobs_table *batch, uint8_t *verdicts, void *context);
void plugin_free(void *memory);

const char *plugin_said(void) { return said; }

int plugin_calls(void) { return calls; }

void plugin_forget(void) {
  said[0] = '\0';
  calls = 0;
}

static int say(const char *format, va_list arguments) {
  size_t length = strlen(said);
  calls++;
  return vsnprintf(said + length, sizeof said - length, format, arguments);
}

/* Like snprintf, but it also remembers. */
int plugin_print(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  (void)text;
  (void)size;
  va_start(arguments, format);
  int length = say(format, arguments);
  va_end(arguments);
  return length;
}

/* Like sd_journal_send: a format and its arguments, again and again, until a NULL. */
int plugin_journal(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (; format != NULL; format = va_arg(arguments, const char *)) {
    const char *text = va_arg(arguments, const char *);
    size_t length = strlen(said);
    snprintf(said + length, sizeof said - length, format, text);
    strcat(said, ";");
  }
  va_end(arguments);
  calls++;
  return 0;
}

int plugin_keep_all(const char *source, int64_t timestamp_ns) {
  calls++;
  return source == NULL || timestamp_ns == 0 ? 3 : CJOBS_KEEP;
}

int plugin_drop_errors(const char *source) {
  calls++;
  return strcmp(source, "stderr") == 0 ? CJOBS_DROP : CJOBS_KEEP;
}

char *plugin_upper(const char *data, size_t length) {
  char *copy = malloc(length + 1);
  calls++;
  for (size_t at = 0; copy != NULL && at <= length; at++)
    copy[at] = (char)(data[at] >= 'a' && data[at] <= 'z' ? data[at] - 32 : data[at]);
  return copy;
}

void plugin_free(void *memory) {
  strcat(said, "f");
  free(memory);
}

const char *plugin_borrowed(const char *data) {
  static char line[256];
  calls++;
  snprintf(line, sizeof line, "<%s>", data);
  return line;
}

int32_t plugin_every_second(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  (void)context;
  calls++;
  for (int64_t row = 1; row < cjobs_table_rows(batch); row += 2) verdicts[row] = CJOBS_DROP;
  return 0;
}
