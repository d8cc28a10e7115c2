package dev.distill;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The rules of docs/architecture.md that Maven alone does not keep. */
@AnalyzeClasses(packages = "dev.distill", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesKnowOnlyThoseBelowThem = noClasses()
            .that()
            .resideInAnyPackage("dev.distill.data..", "dev.distill.student..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.distill.teacher..", "dev.distill.eval..");

    @ArchTest
    static final ArchRule theStudentKnowsNoText = noClasses()
            .that()
            .resideInAPackage("dev.distill.student..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.distill.data..");

    @ArchTest
    static final ArchRule dataKnowsNoTensors = noClasses()
            .that()
            .resideInAPackage("dev.distill.data..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.distill.student..");

    @ArchTest
    static final ArchRule nd4jStaysBehindItsBackends = noClasses()
            .that()
            .resideOutsideOfPackages("dev.distill.student.ops.nd4j..", "dev.distill.student.ops.cpu..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule parquetArrowAndHadoopStayInTheShards = noClasses()
            .that()
            .resideOutsideOfPackage("dev.distill.data.shard..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.parquet..", "org.apache.arrow..", "org.apache.hadoop..");

    /** Its submodule is not on this class path, nor are its jars on that of any other. */
    @ArchTest
    static final ArchRule sparkStaysInItsSubmodule = noClasses()
            .that()
            .resideOutsideOfPackage("dev.distill.data.spark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..", "dev.distill.data.spark..");

    @ArchTest
    static final ArchRule tokenizersNativeCodeStaysInItsRoom = noClasses()
            .that()
            .resideOutsideOfPackage("dev.distill.data.tokenize..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule onlyTheTeacherClientAndTheHubSpeakHttp = noClasses()
            .that()
            .resideOutsideOfPackages("dev.distill.teacher..", "dev.distill.hub..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..");

    @ArchTest
    static final ArchRule nettyStaysInTheServer = noClasses()
            .that()
            .resideOutsideOfPackage("dev.distill.serve..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule theServerKnowsNothingOfStages = noClasses()
            .that()
            .resideInAPackage("dev.distill.serve..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.distill.cli..", "dev.distill.pipeline..", "dev.distill.train..", "dev.distill.dashboard..");

    @ArchTest
    static final ArchRule onlyTheCommandLineParsesIt = noClasses()
            .that()
            .resideOutsideOfPackage("dev.distill.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule modelsOfTheHubAndThoseThatAnswerKnowNothingOfTheirUse = noClasses()
            .that()
            .resideInAnyPackage("dev.distill.hub..", "dev.distill.respond..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.distill.cli..",
                    "dev.distill.demo..",
                    "dev.distill.pipeline..",
                    "dev.distill.train..",
                    "dev.distill.export..");

    @ArchTest
    static final ArchRule nothingCallsTheCommandLine = classes()
            .that()
            .resideInAPackage("dev.distill.cli..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("dev.distill.cli..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.distill.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule everyPackageSaysWhatItIsAndThatNothingIsNull =
            classes().that().resideInAPackage("dev.distill..").should(resideInANullMarkedPackage());

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getPackageName() + " has no package-info.java with @NullMarked"));
                }
            }
        };
    }
}
