/* What most tests begin with: a client of the misbehaving server, and a way to ask that server what
 * it was sent. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "check.h"

/* The addresses and folders that run.sh gives; ends the program where one is missing. */
const char *given(const char *variable);

/* "http://127.0.0.1:PORT" of a port that the server named, such as "HTTP_PORT". */
const char *address_of(const char *scheme, const char *port_variable);

/* Options of a client of the server: the test key, no retries, no proxy, a log that is checked. */
cjobs_client_options plain_options(void);

/* A client with these options; NULL: plain ones. Ends the program where it cannot be opened. */
cjobs_client *open_client(const cjobs_client_options *options);

/* The guid with a mark that no other call gets, so that its requests can be told apart. It stays
 * valid for the next few calls. */
const char *marked(const char *guid);

/* Lists the jobs of a guid, and expects a failure or a table. */
const struct failure *list_fails(cjobs_client *client, const char *guid, cjobs_status wanted,
                                 const char *name);
cjobs_table *list_works(cjobs_client *client, const char *guid, const char *name);

/* The same client still works. */
void check_usable(cjobs_client *client, const char *after);

/* The requests of a guid, as the server recorded them; freed by the caller. */
char *requests_of(const char *guid);
/* How many of them begin with this, such as "DELETE"; "" counts all. */
int count_requests(const char *guid, const char *method);
/* The body of http://127.0.0.1:PORT/PATH, without the library; freed by the caller. */
char *fetch(const char *port_variable, const char *path);

/* What the log callback of plain_options has heard, a line a message. */
const char *log_heard(void);
void forget_log(void);

void check_cell_text(const cjobs_table *table, const char *column, int64_t row, const char *wanted);
void check_cell_int(const cjobs_table *table, const char *column, int64_t row, int64_t wanted);
void check_cell_time(const cjobs_table *table, const char *column, int64_t row, int64_t wanted);
void check_cell_null(const cjobs_table *table, const char *column, int64_t row);
/* A text without a check, cut to what the buffer holds; "" where it is null. */
const char *cell(const cjobs_table *table, const char *column, int64_t row);

/* Milliseconds of a clock that only goes forward. */
int64_t now_ms(void);
void sleep_ms(int64_t milliseconds);
/* The most memory that this process has had, in MiB. */
int64_t peak_mib(void);

#endif /* FIXTURE_H */
