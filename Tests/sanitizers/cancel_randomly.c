/* Cancels calls at random moments, from another thread and through a token, also while a name is
 * looked up; then closes and frees everything. Built with a sanitizer, as is the library: it finds
 * what is used after it was freed, leaked, or touched by two threads at once.
 *
 * usage: cancel_randomly SERVER ROUNDS SEED */
#include <connectjobs.h>
#include <netdb.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state;

/* xorshift64* */
static unsigned draw(unsigned below) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (unsigned)((state * 2685821657736338717ULL) >> 33) % below;
}

static void pause_us(unsigned microseconds) {
  struct timespec time = {0, (long)microseconds * 1000};
  nanosleep(&time, NULL);
}

/* Every name is looked up slowly, and not found. An address of digits is none. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result) {
  (void)node, (void)service, (void)hints, (void)result;
  for (int part = 0; part < 10; part++) pause_us(10000);
  return EAI_AGAIN;
}

/* One cancellation: what is cancelled, and when. */
struct cancellation {
  cjobs_tail *tail;
  cjobs_cancel *token;
  unsigned after_us;
};

static void *cancel(void *data) {
  struct cancellation *order = data;
  pause_us(order->after_us);
  if (order->tail != NULL) cjobs_tail_cancel(order->tail);
  if (order->token != NULL) cjobs_cancel_signal(order->token);
  return NULL;
}

static int failed;

static cjobs_cancel *new_token(void) {
  cjobs_cancel *token = NULL;
  if (cjobs_cancel_new(&token, NULL) != CJOBS_OK) exit(1);
  return token;
}

static void expect(cjobs_status status, cjobs_error *error, const char *what) {
  if (status != CJOBS_E_CANCELLED && status < 0) {
    fprintf(stderr, "not ok %s: %s\n", what, cjobs_error_message(error));
    failed++;
  }
  cjobs_error_free(error);
}

static const char *kinds[] = {"tail.slowly.500.0.wait", "tail-endless", "tail.lines.50.0.wait",
                              "tail.halves.50.0.wait"};

/* Follows one job or several until it is cancelled. */
static void follow(cjobs_client *client) {
  const char *guids[4], *keys[4] = {"a", "b", "c", "d"};
  size_t n = 1 + draw(4);
  for (size_t job = 0; job < n; job++) guids[job] = kinds[draw(4)];
  cjobs_cancel *token = draw(2) ? new_token() : NULL;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  call.cancel = token;
  cjobs_tail *tail = NULL;
  cjobs_error *error = NULL;
  cjobs_status status = cjobs_tail_open(client, guids, keys, n, NULL, &call, &tail, &error);
  if (status != CJOBS_OK) {
    expect(status, error, "opening");
    return;
  }
  struct cancellation order = {token == NULL ? tail : NULL, token, draw(30000)};
  pthread_t thread;
  if (pthread_create(&thread, NULL, cancel, &order) != 0) exit(1);
  while (status >= 0 && status != CJOBS_DONE) {
    cjobs_table *batch = NULL;
    status = cjobs_tail_next(tail, draw(2) ? -1 : (int64_t)draw(20), &batch, &error);
    cjobs_table_free(batch);
  }
  expect(status, error, "following");
  pthread_join(thread, NULL);
  cjobs_table *summary = NULL;
  if (cjobs_tail_summary(tail, &summary, NULL) != CJOBS_OK) failed++;
  cjobs_table_free(summary);
  cjobs_tail_close(tail);
  cjobs_cancel_free(token);
}

/* Asks for a list, which the token ends. */
static void list(cjobs_client *client, const char *guid) {
  cjobs_cancel *token = new_token();
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  call.cancel = token;
  struct cancellation order = {NULL, token, draw(30000)};
  pthread_t thread;
  if (pthread_create(&thread, NULL, cancel, &order) != 0) exit(1);
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  expect(cjobs_jobs_list(client, guid, &call, &table, &error), error, "listing");
  pthread_join(thread, NULL);
  cjobs_table_free(table);
  cjobs_cancel_free(token);
}

static cjobs_client *open_client(const char *server) {
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  options.server = server;
  options.api_key = "a-long-enough-key";
  options.proxy = "";
  cjobs_client *client = NULL;
  if (cjobs_client_open(&options, &client, NULL) != CJOBS_OK) exit(1);
  return client;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  int rounds = atoi(arguments[2]);
  state = strtoull(arguments[3], NULL, 10) | 1;
  cjobs_client *known = open_client(arguments[1]), *unknown = open_client("http://hangs.example");
  for (int round = 0; round < rounds; round++) {
    switch (draw(5)) {
      case 0:
        list(known, "fine");
        break;
      case 1:
        list(unknown, "fine");
        break;
      case 2:
        follow(unknown);
        break;
      default:
        follow(known);
        break;
    }
    if (draw(20) == 0) {
      cjobs_client_close(known);
      known = open_client(arguments[1]);
    }
  }
  cjobs_client_close(known);
  cjobs_client_close(unknown);
  /* libcurl's own resolver may still be asleep; what it holds is no leak. */
  pause_us(300000);
  printf("%d rounds, %d failed (seed %s)\n", rounds, failed, arguments[3]);
  return failed != 0;
}
