/*
 * What it costs to set and to read a latest value with sharedregion.h, as Latest.java measures it.
 *
 *     latest NAME SIZE WARMUP_MILLIS MEASURE_MILLIS
 *
 * Prints "set of SIZE bytes, c: NANOS", and the same for read.
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>

static sr_error error;
static sr_latest_writer writer;
static sr_latest_reader reader;
static void *value;

static _Noreturn void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static sr_reason set(void) { return sr_latest_set(&writer, 0, value, &error); }

static sr_reason read_once(void)
{
    uint64_t version;
    return sr_latest_read(&reader, 0, value, &version, &error);
}

/* The time of one call. */
static double nanos(sr_reason (*call)(void), int64_t millis)
{
    int batch = writer.shape.size < 1 << 16 ? (int)((1 << 16) / writer.shape.size) : 1;
    int64_t begin = sr_now(), now = begin, calls = 0;
    for (; now - begin < SR_MILLIS(millis); now = sr_now(), calls += batch)
        for (int i = 0; i < batch; i++)
            if (call() != SR_OK)
                fail(error.message);
    return (double)(now - begin) / (double)calls;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("Usage: latest NAME SIZE WARMUP_MILLIS MEASURE_MILLIS");
    sr_latest_shape shape = {1, (uint64_t)atoll(argv[2]), 0, 0};
    value = calloc(1, (size_t)shape.size);
    if (sr_latest_writer_create(&writer, argv[1], &shape, &error) != SR_OK
        || sr_latest_reader_open(&reader, argv[1], 0, 0, &error) != SR_OK)
        fail(error.message);
    nanos(set, atoll(argv[3]) / 2);
    nanos(read_once, atoll(argv[3]) / 2);
    printf("set of %s bytes, c: %f\n", argv[2], nanos(set, atoll(argv[4])));
    printf("read of %s bytes, c: %f\n", argv[2], nanos(read_once, atoll(argv[4])));
    sr_latest_reader_close(&reader);
    sr_latest_writer_close(&writer);
    free(value);
    return 0;
}
