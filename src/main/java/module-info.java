/** Named shared memory and events for processes on one machine, on Windows and Linux. */
// The dependencies are the plain jna and jna-platform, which most programs have already, and not jna-jpms and
// jna-platform-jpms, which have the same packages and module names as real modules. Maven does not see that these
// replace the plain ones: a program would get both, and Java refuses two jars of one module in one folder. A program
// that uses jlink, which takes real modules only, excludes the plain ones and adds the others: this module runs with
// either.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // JNA has no module descriptor
module dev.sharedregion {
    requires transitive com.sun.jna;
    requires com.sun.jna.platform;

    exports dev.sharedregion;
}
