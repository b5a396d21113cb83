#include "fixture.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char heard[65536];

const char *given(const char *variable) {
  const char *value = getenv(variable);
  if (value == NULL) {
    printf("%s is not set: start this program with run.sh.\n", variable);
    exit(1);
  }
  return value;
}

const char *address_of(const char *scheme, const char *port_variable) {
  static char texts[8][64];
  static int next;
  char *text = texts[next++ % 8];
  snprintf(text, sizeof texts[0], "%s://127.0.0.1:%s", scheme, given(port_variable));
  return text;
}

static void hear(int32_t level, const char *message, void *user_data) {
  size_t length = strlen(heard);
  (void)user_data;
  if (holds_key(message)) check(0, "a log message does not hold the key: %s", message);
  if (level != CJOBS_LOG_DEBUG && level != CJOBS_LOG_WARNING) check(0, "a log level is known");
  snprintf(heard + length, sizeof heard - length, "%s\n", message);
}

const char *log_heard(void) { return heard; }

void forget_log(void) { heard[0] = '\0'; }

cjobs_client_options plain_options(void) {
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  options.server = address_of("http", "HTTP_PORT");
  options.api_key = TEST_KEY;
  options.proxy = "";
  options.max_retries = -1;
  options.idle_timeout_ms = 15000;
  options.log = hear;
  return options;
}

cjobs_client *open_client(const cjobs_client_options *options) {
  cjobs_client_options plain = plain_options();
  cjobs_client *client = NULL;
  cjobs_error *error = NULL;
  if (cjobs_client_open(options == NULL ? &plain : options, &client, &error) == CJOBS_OK)
    return client;
  printf("not ok a client opens\n  %s\n", cjobs_error_message(error));
  exit(1);
}

const char *marked(const char *guid) {
  static char texts[32][160];
  static int next;
  char *text = texts[next++ % 32];
  snprintf(text, sizeof texts[0], "%s~%ld-%d", guid, (long)getpid(), next);
  return text;
}

const struct failure *list_fails(cjobs_client *client, const char *guid, cjobs_status wanted,
                                 const char *name) {
  cjobs_table *table = (cjobs_table *)1;
  cjobs_error *error = NULL;
  cjobs_status got = cjobs_jobs_list(client, guid, NULL, &table, &error);
  const struct failure *failure = check_fails(got, wanted, &error, "%s", name);
  if (table != NULL) check(0, "%s: the table is NULL after a failure", name);
  return failure;
}

cjobs_table *list_works(cjobs_client *client, const char *guid, const char *name) {
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  check_ok(cjobs_jobs_list(client, guid, NULL, &table, &error), &error, "%s", name);
  return table;
}

void check_usable(cjobs_client *client, const char *after) {
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  cjobs_status got = cjobs_jobs_list(client, "fine", NULL, &table, &error);
  check_ok(got, &error, "the client is usable after %s", after);
  cjobs_table_free(table);
}

char *fetch(const char *port_variable, const char *path) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)atoi(given(port_variable)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) return strdup("");
  dprintf(connection, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
  size_t size = 0, room = 1 << 16;
  char *text = malloc(room + 1);
  for (ssize_t got; (got = read(connection, text + size, room - size)) > 0;) {
    size += (size_t)got;
    if (size == room) text = realloc(text, (room *= 2) + 1);
  }
  close(connection);
  text[size] = '\0';
  char *body = strstr(text, "\r\n\r\n");
  memmove(text, body == NULL ? text : body + 4, strlen(body == NULL ? text : body + 4) + 1);
  return text;
}

char *requests_of(const char *guid) {
  char path[512];
  snprintf(path, sizeof path, "/recorded/%s", guid);
  return fetch("HTTP_PORT", path);
}

int count_requests(const char *guid, const char *method) {
  char *text = requests_of(guid);
  int count = 0;
  for (char *entry = text; *entry != '\0';) {
    if (strncmp(entry, method, strlen(method)) == 0) count++;
    char *end = strstr(entry, "\n\n");
    if (end == NULL) break;
    entry = end + 2;
  }
  free(text);
  return count;
}

const char *cell(const cjobs_table *table, const char *column, int64_t row) {
  static char texts[8][4096];
  static int next;
  char *text = texts[next++ % 8];
  const char *bytes = NULL;
  int64_t length = 0;
  cjobs_table_text(table, cjobs_table_index(table, column), row, &bytes, &length, NULL);
  snprintf(text, sizeof texts[0], "%.*s", (int)length, bytes == NULL ? "" : bytes);
  return text;
}

void check_cell_text(const cjobs_table *table, const char *column, int64_t row,
                     const char *wanted) {
  check_text(cell(table, column, row), wanted, "%s of row %" PRId64 " is \"%s\"", column, row,
             wanted);
}

void check_cell_int(const cjobs_table *table, const char *column, int64_t row, int64_t wanted) {
  int64_t value = -1;
  int32_t is_null = -1;
  cjobs_table_int(table, cjobs_table_index(table, column), row, &value, &is_null, NULL);
  check(value == wanted && is_null == 0, "%s of row %" PRId64 " is %" PRId64, column, row, wanted);
}

void check_cell_time(const cjobs_table *table, const char *column, int64_t row, int64_t wanted) {
  int64_t value = -1;
  int32_t is_null = -1;
  cjobs_table_time(table, cjobs_table_index(table, column), row, &value, &is_null, NULL);
  check_int(is_null == 0 ? value : -1, wanted, "%s of row %" PRId64 " is that time", column, row);
}

void check_cell_null(const cjobs_table *table, const char *column, int64_t row) {
  int32_t is_null = -1;
  cjobs_table_null(table, cjobs_table_index(table, column), row, &is_null, NULL);
  check_int(is_null, 1, "%s of row %" PRId64 " is null", column, row);
}

int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void sleep_ms(int64_t milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) != 0) {
  }
}

int64_t peak_mib(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}
