/** Named shared memory and events for processes on one machine, on Windows and Linux. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // JNA has no module descriptor
module dev.sharedregion {
    requires transitive com.sun.jna;
    requires com.sun.jna.platform;

    exports dev.sharedregion;
}
