package dev.runhook.systemtests.docs;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Records which types of Runhook a running process enters: makes each of their methods call
/// [#enter] first. A nested type counts as the one at the top level. What timers, the listener for
/// notifications and the connection pools do is ignored.
public final class EntryAgent implements ClassFileTransformer {
  private static final String PACKAGE = "dev.runhook.";
  private static final ClassDesc SELF = ClassDesc.of(EntryAgent.class.getName());
  private static final MethodTypeDesc ENTER =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
  private static final Set<String> ENTERED = ConcurrentHashMap.newKeySet();
  private static final Pattern BACKGROUND = Pattern.compile(".*\\.(PeriodicTask|PgNotifier)");
  private static volatile Set<Thread> background = Set.of();

  /// Starts to record, or writes the names so far. Those of classes, which are neither records,
  /// enums nor interfaces, begin with `class`.
  ///
  /// @param result the file for the names; empty to start
  public static void agentmain(String result, Instrumentation instrumentation)
      throws IOException, UnmodifiableClassException {
    if (!result.isEmpty()) {
      Files.write(Path.of(result), ENTERED);
      return;
    }
    background =
        Thread.getAllStackTraces().entrySet().stream()
            .filter(thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> BACKGROUND.matcher(frame.getClassName()).matches()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    instrumentation.addTransformer(new EntryAgent(), true);
    instrumentation.retransformClasses(
        Arrays.stream(instrumentation.getAllLoadedClasses())
            .filter(type -> type.getName().startsWith(PACKAGE))
            .filter(instrumentation::isModifiableClass)
            .toArray(Class<?>[]::new));
  }

  /// Called by the methods of the process.
  public static void enter(String name) {
    Thread thread = Thread.currentThread();
    if (!ENTERED.contains(name)
        && !background.contains(thread)
        && !thread.getName().endsWith(":connection-adder")) {
      ENTERED.add(name);
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      String className,
      @Nullable Class<?> type,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    String name = className.replace('/', '.');
    if (!name.startsWith(PACKAGE) || name.equals(EntryAgent.class.getName())) {
      return null;
    }
    ClassModel model = ClassFile.of().parse(bytes);
    String entered = (isClass(model) ? "class " : "") + name.split("\\$", 2)[0];
    return ClassFile.of()
        .transformClass(
            model,
            ClassTransform.transformingMethods((method, element) -> {
              if (element instanceof CodeModel original) {
                method.withCode(code -> {
                  code.ldc(entered).invokestatic(SELF, "enter", ENTER);
                  original.forEach(code::with);
                });
              } else {
                method.with(element);
              }
            }));
  }

  private static boolean isClass(ClassModel model) {
    return !model.flags().has(AccessFlag.INTERFACE)
        && !model.flags().has(AccessFlag.ENUM)
        && model
            .superclass()
            .map(type -> !type.asInternalName().equals("java/lang/Record"))
            .orElse(true);
  }
}
