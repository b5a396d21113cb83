/* How long dlopen of the library argv[1] takes: the best of several fresh processes. */
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

static double time_of_child(const char *path) {
  int ends[2];
  double taken = -1;
  if (pipe(ends) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    double start = seconds_now();
    void *library = dlopen(path, RTLD_NOW);
    taken = library ? seconds_now() - start : -1;
    if (write(ends[1], &taken, sizeof taken) != sizeof taken) _exit(1);
    _exit(0);
  }
  if (read(ends[0], &taken, sizeof taken) != sizeof taken) taken = -1;
  waitpid(child, NULL, 0);
  close(ends[0]);
  close(ends[1]);
  return taken;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  double best = 1e9;
  for (int round = 0; round < 20; round++) {
    double taken = time_of_child(arguments[1]);
    if (taken < 0) return 1;
    if (taken < best) best = taken;
  }
  report(best, 0, 0);
  return 0;
}
