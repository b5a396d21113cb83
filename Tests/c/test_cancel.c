/* Every blocking call ends soon when it is told to: by a token, from a thread or a signal handler,
 * or by the interrupt callback. The bounds are wide; run with VERBOSE=1 to see the figures. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "fixture.h"

static cjobs_error *error;
static cjobs_cancel *volatile token;

static int swallow(const void *bytes, size_t length, void *user_data) {
  (void)bytes, (void)length, (void)user_data;
  return 0;
}

/* The calls that can wait, each on a server that does not answer. */
static const char *const calls[] = {"content_list",
                                    "jobs_list",
                                    "jobs_list_many",
                                    "job_get",
                                    "job_log",
                                    "job_error",
                                    "job_download",
                                    "job_download_file",
                                    "job_kill",
                                    "job_kill_active",
                                    "job_wait",
                                    "a pause of job_wait",
                                    "a wait for a retry",
                                    "a wait for confirmation"};
enum { call_count = sizeof calls / sizeof calls[0] };

static cjobs_status make(int which, cjobs_client *client, const cjobs_call_options *call) {
  const char *guid = "stall.before", *key = "k1";
  cjobs_table *table = NULL;
  switch (which) {
    case 0:
      return cjobs_content_list(client, guid, call, &table, &error);
    case 1:
      return cjobs_jobs_list(client, guid, call, &table, &error);
    case 2:
      return cjobs_jobs_list_many(client, &guid, 1, 0, call, &table, &error);
    case 3:
      return cjobs_job_get(client, guid, key, call, &table, &error);
    case 4:
      return cjobs_job_log(client, guid, key, 0, call, &table, &error);
    case 5:
      return cjobs_job_error(client, guid, key, call, &table, &error);
    case 6:
      return cjobs_job_download(client, guid, key, NULL, swallow, NULL, NULL, call, &error);
    case 7:
      return cjobs_job_download_file(client, guid, key, "cancelled", 0, NULL, NULL, call, &error);
    case 8:
      return cjobs_job_kill(client, guid, &key, 1, 0, call, &table, &error);
    case 9:
      return cjobs_job_kill_active(client, guid, 0, call, &table, &error);
    case 10:
      return cjobs_job_wait(client, guid, key, CJOBS_UNTIL_FINISHED, -1, call, &table, &error);
    case 11:
      return cjobs_job_wait(client, marked("ends-after.9999"), key, CJOBS_UNTIL_FINISHED, -1, call,
                            &table, &error);
    case 12:
      return cjobs_jobs_list(client, "wait-please.30", call, &table, &error);
    default:
      return cjobs_job_kill(client, marked("kill-slowly.9999"), &key, 1, 60000, call, &table,
                            &error);
  }
}

static void *signal_later(void *data) {
  (void)data;
  sleep_ms(100);
  cjobs_cancel_signal(token);
  return NULL;
}

static void expect_end(int64_t start, int which, const char *by, cjobs_status got) {
  int64_t late = now_ms() - start - 100;
  check_fails(got, CJOBS_E_CANCELLED, &error, "%s, cancelled by %s", calls[which], by);
  check(late < 2000, "%s ends %d ms after %s", calls[which], (int)late, by);
}

static void by_a_thread(cjobs_client *client) {
  for (int which = 0; which < call_count; which++) {
    cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
    cjobs_cancel *made = NULL;
    pthread_t thread;
    cjobs_cancel_new(&made, NULL);
    token = call.cancel = made;
    int64_t start = now_ms();
    pthread_create(&thread, NULL, signal_later, NULL);
    cjobs_status got = make(which, client, &call);
    expect_end(start, which, "a thread", got);
    pthread_join(thread, NULL);
    got = make(which, client, &call);
    check_fails(got, CJOBS_E_CANCELLED, &error, "a signalled token stays signalled");
    cjobs_cancel_free(made);
  }
}

static void on_alarm(int number) {
  (void)number;
  cjobs_cancel_signal(token);
}

static void by_a_signal_handler(cjobs_client *client) {
  struct sigaction action, old;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, &old);
  for (int which = 0; which < call_count; which++) {
    cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
    cjobs_cancel *made = NULL;
    cjobs_cancel_new(&made, NULL);
    token = call.cancel = made;
    struct itimerval timer = {{0, 0}, {0, 100000}};
    int64_t start = now_ms();
    setitimer(ITIMER_REAL, &timer, NULL);
    cjobs_status got = make(which, client, &call);
    expect_end(start, which, "a signal handler", got);
    cjobs_cancel_free(made);
  }
  sigaction(SIGALRM, &old, NULL);
}

/* When the callback was last called, and the longest time between. */
static struct {
  int64_t start, last, longest;
  int calls;
  pthread_t thread;
} asked;

static int interrupt(void *user_data) {
  int64_t now = now_ms();
  (void)user_data;
  if (now - asked.last > asked.longest) asked.longest = now - asked.last;
  asked.last = now;
  asked.calls++;
  if (!pthread_equal(asked.thread, pthread_self())) check(0, "called on the calling thread");
  return now - asked.start >= 400;
}

static void by_the_callback(cjobs_client *client) {
  for (int which = 0; which < call_count; which++) {
    cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
    call.interrupt = interrupt;
    memset(&asked, 0, sizeof asked);
    asked.thread = pthread_self();
    asked.start = asked.last = now_ms();
    cjobs_status got = make(which, client, &call);
    check_fails(got, CJOBS_E_CANCELLED, &error, "%s, interrupted", calls[which]);
    check(asked.calls >= 6, "%s: the callback was called %d times in 400 ms, %d ms apart at most",
          calls[which], asked.calls, (int)asked.longest);
    check(asked.longest < 1000, "%s: it was not forgotten", calls[which]);
  }
}

/* The client's own callback, and one for a call in its place. */
static void of_the_client(void) {
  cjobs_client_options options = plain_options();
  options.interrupt = interrupt;
  cjobs_client *client = open_client(&options);
  cjobs_table *table = NULL;
  memset(&asked, 0, sizeof asked);
  asked.thread = pthread_self();
  asked.start = asked.last = now_ms();
  check_fails(cjobs_jobs_list(client, "stall.before", NULL, &table, &error), CJOBS_E_CANCELLED,
              &error, "the client's callback");
  check(asked.calls >= 6, "it was called %d times", asked.calls);
  check_fails(cjobs_jobs_list(client, "drip", NULL, &table, &error), CJOBS_E_CANCELLED, &error,
              "while bytes come");
  cjobs_client_close(client);
}

static void one_token_many_calls(cjobs_client *client) {
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_cancel *made = NULL;
  cjobs_table *table = NULL;
  cjobs_cancel_new(&made, NULL);
  call.cancel = made;
  for (int round = 0; round < 3; round++) {
    check_ok(cjobs_jobs_list(client, "fine", &call, &table, &error), &error,
             "a token that is not signalled is no hindrance");
    cjobs_table_free(table);
  }
  cjobs_cancel_signal(made);
  cjobs_cancel_signal(made);
  check_fails(cjobs_jobs_list(client, "fine", &call, &table, &error), CJOBS_E_CANCELLED, &error,
              "nothing is begun once it is");
  cjobs_cancel_free(made);
}

int main(void) {
  cjobs_client_options options = plain_options();
  options.max_retries = 3;
  cjobs_client *client = open_client(&options);
  by_a_thread(client);
  by_a_signal_handler(client);
  by_the_callback(client);
  of_the_client();
  one_token_many_calls(client);
  check_usable(client, "being cancelled");
  cjobs_client_close(client);
  return finish_checks();
}
