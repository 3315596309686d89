package dev.sharedregion;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sharedregion.cli.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The packages of the library, and which of them may use which. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the classes are the same on each system")
class ArchitectureTest {
    private static final String ROOT = "dev.sharedregion";

    /** Each room with the rooms that it may use. A new room is added here. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(
                    "",
                    Set.of("inspect", "pair", "lock", "latest", "message", "request", "mutex", "telemetry", "memory",
                            "os", "jvm", "linux", "windows")),
            Map.entry("inspect", Set.of("pair", "lock", "latest", "message", "memory", "os", "jvm")),
            Map.entry("pair", Set.of("memory", "os", "jvm")),
            Map.entry("lock", Set.of("memory", "os", "jvm")),
            Map.entry("latest", Set.of("memory", "os", "jvm")),
            Map.entry("message", Set.of("memory", "os", "jvm")),
            Map.entry("request", Set.of("message", "os", "jvm")),
            Map.entry("mutex", Set.of("os", "jvm")),
            Map.entry("telemetry", Set.of("mutex", "memory", "os", "jvm")),
            Map.entry("memory", Set.of("os", "jvm")),
            Map.entry("linux", Set.of("os", "jvm")),
            Map.entry("windows", Set.of("os", "jvm")),
            Map.entry("os", Set.of("jvm")),
            Map.entry("jvm", Set.of()));

    /** The rooms of one system. */
    private static final Set<String> SYSTEMS = Set.of("linux", "windows");

    private static final int MOST_PARAMETERS = 5;
    private static final int LARGEST_CLASS_CYCLE = 2;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(SharedRegion.class.getProtectionDomain().getCodeSource().getLocation());

    /** "" is the public package. */
    private static String room(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().replace(ROOT + ".internal.", "");
    }

    private static boolean isOurs(JavaClass type) {
        return resideInAPackage(ROOT + "..").test(type);
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        return element.getEnclosingClass().map(ArchitectureTest::outermost).orElse(element);
    }

    private static Stream<Dependency> arrows(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream();
    }

    private static void assertNone(Stream<String> faults) {
        assertEquals("", faults.distinct().sorted().collect(Collectors.joining("\n")));
    }

    private static void assertNoArrow(Predicate<Dependency> isFault) {
        assertNone(CLASSES.stream()
                .flatMap(ArchitectureTest::arrows)
                .filter(isFault)
                .map(Dependency::getDescription));
    }

    @Test
    void packagesAreTheKnownOnes() {
        assertEquals(
                new TreeSet<>(MAY_USE.keySet()),
                CLASSES.stream().map(ArchitectureTest::room).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void dependenciesPointDown() {
        assertNoArrow(arrow -> {
            JavaClass target = arrow.getTargetClass().getBaseComponentType();
            String from = room(arrow.getOriginClass());
            return isOurs(target) && !room(target).equals(from) && !MAY_USE.get(from).contains(room(target));
        });
    }

    @Test
    void onlyThisSystemUsesASystemsPackage() {
        assertNoArrow(arrow -> isOurs(arrow.getTargetClass())
                && SYSTEMS.contains(room(arrow.getTargetClass()))
                && !SYSTEMS.contains(room(arrow.getOriginClass()))
                && !outermost(arrow.getOriginClass()).getSimpleName().equals("ThisSystem"));
    }

    /** Its jar has nothing else, and the tests beside it have much. */
    @Test
    void toolUsesTheLibraryAndWhatItsJarHas() {
        JavaClasses beside = new ClassFileImporter()
                .importUrl(Tool.class.getProtectionDomain().getCodeSource().getLocation());
        assertNone(beside.stream()
                .filter(type -> Set.of(Tool.class.getPackageName(), "telemetry").contains(type.getPackageName()))
                .filter(type -> !outermost(type).getSimpleName().endsWith("Test"))
                .flatMap(ArchitectureTest::arrows)
                .filter(arrow -> !isInTheJar(arrow.getTargetClass().getBaseComponentType()))
                .map(Dependency::getDescription));
    }

    private static boolean isInTheJar(JavaClass type) {
        return type.isPrimitive()
                || CLASSES.contain(type.getName())
                || Stream.of(Tool.class.getPackageName(), "telemetry", "terminal", "picocli", "tools.jackson",
                                "com.sun.jna", "java")
                        .anyMatch(each -> type.getPackageName().equals(each)
                                || type.getPackageName().startsWith(each + "."));
    }

    @Test
    void noPackageIsInACycle() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** A nested class counts as a part of its outermost class. */
    @Test
    void classCyclesAreSmall() {
        Map<JavaClass, Set<JavaClass>> uses = new HashMap<>();
        for (JavaClass type : CLASSES) {
            Set<JavaClass> used = uses.computeIfAbsent(outermost(type), key -> new HashSet<>());
            arrows(type)
                    .map(arrow -> outermost(arrow.getTargetClass()))
                    .filter(ArchitectureTest::isOurs)
                    .forEach(used::add);
        }
        Map<JavaClass, Set<JavaClass>> reaches = new HashMap<>();
        uses.keySet().forEach(type -> reaches.put(type, reachable(type, uses)));
        assertNone(reaches.keySet().stream()
                .map(type -> reaches.get(type).stream()
                        .filter(other -> reaches.get(other).contains(type))
                        .map(JavaClass::getName)
                        .sorted()
                        .toList())
                .filter(cycle -> cycle.size() > LARGEST_CLASS_CYCLE)
                .map(List::toString));
    }

    private static Set<JavaClass> reachable(JavaClass from, Map<JavaClass, Set<JavaClass>> uses) {
        Set<JavaClass> reached = new HashSet<>();
        List<JavaClass> next = new ArrayList<>(List.of(from));
        while (!next.isEmpty()) {
            for (JavaClass used : uses.get(next.remove(next.size() - 1))) {
                if (reached.add(used)) {
                    next.add(used);
                }
            }
        }
        return reached;
    }

    /** Ours are the classes with native methods; jna-platform's are interfaces. */
    @Test
    void bindingsAreCalledOnlyInTheirSystemsPackage() {
        assertNone(CLASSES.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> isForeignBinding(access.getTargetOwner(), room(access.getOriginOwner())))
                .map(JavaAccess::getDescription));
    }

    private static boolean isForeignBinding(JavaClass type, String room) {
        if (type.getPackageName().startsWith("com.sun.jna.platform.win32")) {
            return !room.equals("windows");
        }
        if (type.getPackageName().startsWith("com.sun.jna.platform")) {
            return !room.equals("linux");
        }
        boolean declaresFunctions = isOurs(type)
                && type.getMethods().stream().anyMatch(method -> method.getModifiers().contains(JavaModifier.NATIVE));
        return declaresFunctions && !room.equals(room(type));
    }

    /** A new binding, by whatever of JNA's ways. */
    @Test
    void bindingsAreDeclaredOnlyInASystemsPackage() {
        Set<String> ways = Set.of("register", "load", "loadLibrary");
        assertNone(CLASSES.stream()
                .filter(type -> !SYSTEMS.contains(room(type)))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access ->
                        access.getTargetOwner().isEquivalentTo(Native.class) && ways.contains(access.getName())
                                || access.getTargetOwner().isEquivalentTo(Function.class)
                                || access.getTargetOwner().isEquivalentTo(NativeLibrary.class)
                                || access.getTargetOwner().isAssignableTo(Library.class))
                .map(JavaAccess::getDescription));
    }

    /**
     * The systems' functions have the parameters that their systems give them: our bindings of them are native methods.
     */
    @Test
    void noMethodHasMoreThanFiveParameters() {
        assertNone(CLASSES.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(ArchitectureTest::isAsWritten)
                .filter(method -> method.getRawParameterTypes().size() > MOST_PARAMETERS)
                .map(JavaCodeUnit::getFullName));
    }

    /** The compiler adds parameters to lambdas, and to constructors of enums, inner and local classes. */
    private static boolean isAsWritten(JavaCodeUnit method) {
        JavaClass owner = method.getOwner();
        boolean isExtended = method instanceof JavaConstructor
                && (owner.isEnum() || owner.isInnerClass() || owner.isLocalClass() || owner.isAnonymousClass());
        return !isExtended
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !method.getModifiers().contains(JavaModifier.NATIVE);
    }

    @Test
    void publicSignaturesNameNoInternalType() {
        List<JavaClass> exported = CLASSES.stream()
                .filter(type -> room(type).isEmpty() && isVisible(type.getModifiers()))
                .filter(type -> isVisible(outermost(type).getModifiers()))
                .toList();
        assertTrue(exported.stream().anyMatch(type -> type.isEquivalentTo(SharedRegion.class)));
        assertNone(Stream.concat(
                exported.stream()
                        .flatMap(type ->
                                Stream.concat(type.getRawInterfaces().stream(), type.getRawSuperclass().stream()))
                        .filter(ArchitectureTest::isInternal)
                        .map(JavaClass::getName),
                exported.stream()
                        .flatMap(type -> type.getMembers().stream())
                        .filter(member -> isVisible(member.getModifiers()))
                        .filter(member -> involved(member).anyMatch(ArchitectureTest::isInternal))
                        .map(JavaMember::getFullName)));
    }

    private static Stream<JavaClass> involved(JavaMember member) {
        Stream<JavaClass> thrown = member instanceof JavaCodeUnit method
                ? method.getExceptionTypes().stream().map(type -> type.toErasure())
                : Stream.empty();
        return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean isInternal(JavaClass type) {
        return isOurs(type) && !room(type).isEmpty();
    }
}
