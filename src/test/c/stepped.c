/*
 * A side of a pair that does one command a line and answers with a line, and can be stopped at each change of the block:
 * SteppedPeer.java, which has the commands, in C. stepped_posix.c and stepped_windows.c include it.
 */
#define SR_STEPS_ "../../test/c/steps.h"
#include "../../main/c/sharedregion.h"

static sr_pair pair;
static bool pair_is_open, plain_is_open;
static sr_event to_set, to_await; /* of a plain peer */
static sr_error error;

static const char *answer(sr_reason reason)
{
    return reason == SR_OK ? "true" : reason == SR_TIMED_OUT ? "false" : sr_reason_name(reason);
}

static const char *done(sr_reason reason) { return reason == SR_OK ? "ok" : sr_reason_name(reason); }

static sr_reason plain_event(sr_event *event, const char *name, int side, bool create)
{
    char full[SR_NAME_SIZE_];
    snprintf(full, sizeof full, "%s%s", name, sr_suffix_[side]);
    sr_reason reason = sr_event_open(event, full, &error);
    return reason == SR_NOT_FOUND && create ? sr_event_create(event, full, SR_AUTO_RESET, &error) : reason;
}

static sr_reason plain(const char *side, const char *name)
{
    int me = strcmp(side, "server") == 0 ? SR_SERVER_ : SR_CLIENT_;
    sr_reason reason = plain_event(&to_await, name, me, me == SR_SERVER_);
    if (reason == SR_OK && (reason = plain_event(&to_set, name, 1 - me, me == SR_SERVER_)) != SR_OK)
        sr_event_close(&to_await);
    plain_is_open = reason == SR_OK;
    return reason;
}

static sr_reason take(int me, const char *name, int64_t spin)
{
    steps.me = me;
    sr_reason reason =
        me == SR_SERVER_ ? sr_pair_create(&pair, name, spin, &error) : sr_pair_open(&pair, name, 0, spin, &error);
    pair_is_open = reason == SR_OK;
    return reason;
}

static const char *await(int64_t timeout)
{
    if (!pair_is_open)
        return sr_event_await(&to_await, timeout) ? "true" : "false";
    return answer(steps.me == SR_SERVER_ ? sr_pair_await_read(&pair, timeout, &error)
                                         : sr_pair_await_written(&pair, timeout, &error));
}

static const char *hand_over(void)
{
    if (pair_is_open)
        return done(steps.me == SR_SERVER_ ? sr_pair_signal_written(&pair, &error) : sr_pair_signal_read(&pair, &error));
    sr_event_set(&to_set);
    return "ok";
}

static void close_all(void)
{
    if (pair_is_open)
        sr_pair_close(&pair);
    if (plain_is_open) {
        sr_event_close(&to_set);
        sr_event_close(&to_await);
    }
    pair_is_open = plain_is_open = false;
    steps_clear();
}

static const char *run(int count, char **word)
{
    char step[40];
    int64_t spin = count > 2 ? atoll(word[2]) : SR_SPIN_DEFAULT;
    if (strcmp(word[0], "create") == 0)
        return done(take(SR_SERVER_, word[1], spin));
    if (strcmp(word[0], "open") == 0)
        return done(take(SR_CLIENT_, word[1], spin));
    if (strcmp(word[0], "plain") == 0)
        return done(plain(word[1], word[2]));
    if (strcmp(word[0], "signal") == 0)
        return hand_over();
    if (strcmp(word[0], "await") == 0)
        return await(SR_MILLIS(atoll(word[1])));
    if (strcmp(word[0], "turn") == 0)
        return sr_pair_has_turn(&pair) ? "true" : "false";
    if (strcmp(word[0], "close") == 0) {
        close_all();
        return "ok";
    }
    if (strcmp(word[0], "spoil") == 0) {
        steps_set(STEPS_SPOIL, word[1]);
        return "ok";
    }
    if (count == 3 && (strcmp(word[0], "hold") == 0 || strcmp(word[0], "tell") == 0)) {
        snprintf(step, sizeof step, "%s %s", word[1], word[2]);
        steps_set(strcmp(word[0], "hold") == 0 ? STEPS_HOLD : STEPS_TELL, step);
        return "ok";
    }
    return "no such command";
}

int main(void)
{
    char line[1024];
    printf("ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *word[4] = {"", "", "", ""};
        int count = 0;
        for (char *next = strtok(line, " \r\n"); next != NULL && count < 4; next = strtok(NULL, " \r\n"))
            word[count++] = next;
        printf("%s\n", run(count, word));
        fflush(stdout);
    }
    close_all();
    return 0;
}
