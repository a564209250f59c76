package enishi.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md, held by the compiled classes. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("enishi");

    @Test
    void thereAreClassesToJudge() {
        assertThat(OURS.contain("enishi.agent.kernel.Libc")).isTrue();
        assertThat(OURS.contain("enishi.server.store.Store")).isTrue();
    }

    @Test
    void onlyTheKernelPackageCallsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("enishi.agent.kernel")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(OURS);
    }

    @Test
    void onlyAStoreSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("enishi.server.store.duckdb..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .check(OURS);
    }

    @Test
    void theModelSeesNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("enishi.model")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "enishi.wire..",
                        "enishi.answer..",
                        "enishi.settings..",
                        "enishi.access..",
                        "enishi.agent..",
                        "enishi.server..",
                        "enishi.cli..")
                .check(OURS);
    }

    @Test
    void agentServerAndCommandsMeetOnlyInTheModel() {
        noClasses()
                .that()
                .resideInAPackage("enishi.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("enishi.server..", "enishi.cli..")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("enishi.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("enishi.agent..", "enishi.cli..")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("enishi.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("enishi.agent..", "enishi.server..")
                .check(OURS);
    }

    @Test
    void joiningTouchesNoFilesSocketsOrThreads() {
        noClasses()
                .that()
                .resideInAPackage("enishi.server.graph")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "io.helidon..")
                .check(OURS);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("enishi.agent.(*)..").should().beFreeOfCycles().check(OURS);
        slices().matching("enishi.server.(*)..").should().beFreeOfCycles().check(OURS);
    }
}
