/* Binds what a file has: a manifest, or a library with plugin_borrowed. Says why not. Started by
 * test_hook_files.sh. */
#include <connectjobs.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments) {
  cjobs_hooks_options options = CJOBS_HOOKS_OPTIONS_INIT;
  cjobs_hook_options hook = CJOBS_HOOK_OPTIONS_INIT;
  cjobs_hooks *hooks = NULL;
  cjobs_error *error = NULL;
  const char *path = arguments[count - 1];
  if (count > 2 && strcmp(arguments[1], "--allow-writable") == 0)
    options.flags = CJOBS_HOOKS_ALLOW_WRITABLE;
  cjobs_status status = cjobs_hooks_open(&options, &hooks, &error);
  hook.library = path;
  if (status == CJOBS_OK)
    status = strstr(path, ".json") != NULL
                 ? cjobs_hooks_load_manifest(hooks, path, NULL, &error)
                 : cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "line plugin_borrowed(data)", &hook,
                                    NULL, &error);
  if (status != CJOBS_OK) printf("%s: %s\n", cjobs_status_name(status), cjobs_error_message(error));
  cjobs_error_free(error);
  cjobs_hooks_close(hooks);
  return status == CJOBS_OK ? 0 : 1;
}
