/* What the tests of hooks have in common: binding, and reading a log or a tail through a set. */
#ifndef HOOKING_H
#define HOOKING_H

#include "fixture.h"

/* An error that is shared by a test's calls. */
extern cjobs_error *hook_error;

/* A set that loads the tests' own plugin, though it lies below /tmp. */
cjobs_hooks *open_hooks(void);

/* The path of libplugin.so, and one of its functions, called by the test itself. */
const char *plugin_path(void);
const char *plugin_says(void);
int plugin_was_called(void);
void plugin_is_new(void);

/* Binds a function of this program, or (NULL) of the plugin, and expects that it works. */
int64_t bind_hook(cjobs_hooks *hooks, int32_t event, const char *signature,
                  cjobs_function function);
int64_t bind_ending(cjobs_hooks *hooks, int32_t event, const char *signature,
                    cjobs_function function);

/* The log of a job through the hooks, all lines joined with "|"; "" where there is none. */
const char *log_through(cjobs_client *client, const char *guid, cjobs_hooks *hooks,
                        cjobs_status wanted);
/* The same of a tail, read to its end, with that status at the end. */
const char *tail_through(cjobs_client *client, const char *guid, cjobs_hooks *hooks,
                         cjobs_status wanted);

/* One figure of the statistics of the hook in that row. */
int64_t hook_figure(cjobs_hooks *hooks, int64_t row, const char *column);
/* Its last error; "" where there is none. */
const char *hook_error_text(cjobs_hooks *hooks, int64_t row);

#endif /* HOOKING_H */
