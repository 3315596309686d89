/*
 * A JVM in a process whose main thread has ended. argv[1] is libjvm, argv[2] the class path, argv[3] the class to start;
 * the class gets the other arguments. /proc/self belongs to the main thread, so the kernel then shows nothing under it.
 */
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int count;
static char **arguments;

static void fail(const char *what)
{
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static int main_thread_has_ended(void)
{
    char line[512] = "";
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/task/%d/stat", getpid(), getpid());
    FILE *file = fopen(name, "r");
    char state = 0;
    int ended = file == NULL || fgets(line, sizeof line, file) == NULL || sscanf(line, "%*d (%*[^)]) %c", &state) != 1
        || state == 'Z';
    if (file != NULL) {
        fclose(file);
    }
    return ended;
}

static void *run(void *unused)
{
    static char option[1 << 20];
    JavaVMOption options[] = {{option, NULL}};
    JavaVMInitArgs how = {JNI_VERSION_10, 1, options, JNI_FALSE};
    JavaVM *vm;
    JNIEnv *env;
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL);
    jint (*create)(JavaVM **, void **, void *) = NULL;
    (void) unused;
    while (!main_thread_has_ended()) {
        usleep(1000);
    }
    if (library != NULL) {
        *(void **) &create = dlsym(library, "JNI_CreateJavaVM");
    }
    snprintf(option, sizeof option, "-Djava.class.path=%s", arguments[2]);
    if (create == NULL || create(&vm, (void **) &env, &how) != JNI_OK) {
        fail("JNI_CreateJavaVM");
    }
    jclass program = (*env)->FindClass(env, arguments[3]);
    jmethodID method = program == NULL ? NULL : (*env)->GetStaticMethodID(env, program, "main", "([Ljava/lang/String;)V");
    if (method == NULL) {
        fail("FindClass");
    }
    jobjectArray strings = (*env)->NewObjectArray(env, count - 4, (*env)->FindClass(env, "java/lang/String"), NULL);
    for (int i = 4; i < count; i++) {
        (*env)->SetObjectArrayElement(env, strings, i - 4, (*env)->NewStringUTF(env, arguments[i]));
    }
    (*env)->CallStaticVoidMethod(env, program, method, strings);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionDescribe(env);
        exit(1);
    }
    (*vm)->DestroyJavaVM(vm);
    exit(0);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    count = argc;
    arguments = argv;
    if (argc < 4 || pthread_create(&thread, NULL, run, NULL) != 0) {
        fail("pthread_create");
    }
    pthread_exit(NULL);
}
