package enishi.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.container.ContainerNames;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths as runtimes write them; where they were recorded is in docs/EVALUATION.md. */
class CgroupTest {
    private static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fd9d0ea06257a9780827cbc7fd92e3812a54fca26d63e191b73610d5d48b9cbd";

    private static Cgroup of(String... lines) {
        return Cgroup.parse(List.of(lines).stream()
                .map(line -> line.replace("ID", ID).replace("OTHER", OTHER))
                .toList());
    }

    private static String service(Cgroup cgroup) {
        return cgroup.program("program", id -> Optional.of("named")).service();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Docker and nerdctl, v1 and v2, drivers cgroupfs and systemd, rootless
                "0::/docker/ID",
                "0::/docker-ID",
                "0::/system.slice/docker-ID.scope",
                "13:hugetlb:/system.slice/docker-ID.scope",
                "12:pids:/docker/ID",
                "1:name=systemd:/docker/ID",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker-ID.scope",
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-ID.scope",
                "0::/../../docker-ID.scope",
                // containerd for Kubernetes
                "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2c9f8a79_5391_454b_88cb_86190881cb96"
                        + ".slice/cri-containerd-ID.scope",
                "11:blkio:/kubepods/burstable/podf6adb0af-0855-4bab-b25b-c853f18d0ce2/ID",
                "0::/kubepods/besteffort/pod1858680e-b044-4fd5-9dd4-f137e30e2180/ID",
                "13:memory:/system.slice/containerd.service/"
                        + "kubepods-besteffort-pod0043435f_1854_4327_b76b_730f681a781d.slice:cri-containerd:ID",
                // CRI-O
                "1:name=systemd:/kubepods.slice/kubepods-burstable.slice/"
                        + "kubepods-burstable-podd0511cd2_29d2_4215_be0f_f77bc0609d99.slice/crio-ID.scope",
                "0::/kubepods.slice/kubepods-pod9ac48755_3968_48e4_b9dc_6d4b69f3bb42.slice/crio-ID.scope/container",
                "0::/kubepods/burstable/podd0511cd2-29d2-4215-be0f-f77bc0609d99/crio-ID",
                // Podman, with systemd, rootless, and with cgroupfs
                "0::/machine.slice/libpod-ID.scope",
                "0::/machine.slice/libpod-ID.scope/container",
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container",
                "0::/libpod_parent/libpod-ID",
                // pods within a node of kind that is a container itself
                "0::/system.slice/docker-OTHER.scope/kubelet.slice/kubelet-kubepods.slice/"
                        + "kubelet-kubepods-besteffort.slice/"
                        + "kubelet-kubepods-besteffort-podeab5a334_93fe_48a8_b139_9e8079c1f163.slice/"
                        + "cri-containerd-ID.scope",
                "9:memory:/docker/OTHER/kubelet/kubepods/pod1788d98a-0700-426a-8701-2312e4cc2163/ID"
            })
    void runtimesPutTheContainerIdIntoThePath(String line) {
        Cgroup cgroup = of(line);
        assertThat(cgroup).isEqualTo(new Cgroup(null, ID, null));
        assertThat(cgroup.isNumbered()).isTrue();
        assertThat(service(cgroup)).isEqualTo("named");
        assertThat(cgroup.program("program", ContainerNames.NONE).service()).isEqualTo(ID);
    }

    /** Where v1 and v2 are both mounted, the v2 line of a container may be that of its runtime. */
    @Test
    void anyLineMayTellTheContainer() {
        assertThat(of(
                        "3:rdma:/",
                        "2:perf_event:/docker/ID",
                        "1:name=systemd:/docker/ID",
                        "0::/system.slice/containerd.service"))
                .isEqualTo(new Cgroup(null, ID, null));
        assertThat(of("4:memory:/lxc/101/ns/system.slice/ssh.service", "1:name=systemd:/", "0::/"))
                .isEqualTo(new Cgroup(null, "101", "ssh.service"));
    }

    @Test
    void namedContainersGoByTheirName() {
        assertThat(of("0::/lxc.payload.web1")).isEqualTo(new Cgroup(null, "web1", null));
        assertThat(of("1:name=systemd:/lxc.payload/web1")).isEqualTo(new Cgroup(null, "web1", null));
        assertThat(of("1:name=systemd:/lxc/web1")).isEqualTo(new Cgroup(null, "web1", null));
        assertThat(of("0::/machine.slice/systemd-nspawn@db.service/payload")).isEqualTo(new Cgroup(null, "db", null));
        assertThat(of("0::/machine.slice/machine-web\\x2d1.scope/payload")).isEqualTo(new Cgroup(null, "web-1", null));
        assertThat(service(of("0::/lxc.payload.web1"))).isEqualTo("web1");
        assertThat(of("0::/lxc.payload.web1").isNumbered()).isFalse();
    }

    /** Two containers each have a systemd with units of the same names. */
    @Test
    void aUnitWithinAContainerIsToldFromThatOfAnother() {
        assertThat(service(of("0::/lxc.payload.web1/system.slice/nginx.service")))
                .isEqualTo("web1/nginx.service");
        assertThat(service(of("0::/machine.slice/systemd-nspawn@db.service/payload/system.slice/postgresql.service")))
                .isEqualTo("db/postgresql.service");
        assertThat(service(of("0::/system.slice/docker-ID.scope/system.slice/cron.service")))
                .isEqualTo("named/cron.service");
    }

    /** A quadlet is a unit, and keeps its name whatever Podman calls its container. */
    @Test
    void theUnitThatAContainerWasMadeForIsItsService() {
        Cgroup cgroup = of("0::/system.slice/shop.service/libpod-payload-ID");
        assertThat(cgroup).isEqualTo(new Cgroup("shop.service", ID, null));
        assertThat(service(cgroup)).isEqualTo("shop.service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/machine.slice/libpod-conmon-ID.scope",
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-conmon-ID.scope",
                "0::/kubepods.slice/kubepods-podd0511cd2_29d2_4215_be0f_f77bc0609d99.slice/crio-conmon-ID.scope",
                "0::/kubepods/podd0511cd2-29d2-4215-be0f-f77bc0609d99/crio-conmon-ID",
                "0::/libpod_parent/conmon",
                "0::/lxc.monitor.web1"
            })
    void whoWatchesOverAContainerIsNotInIt(String line) {
        assertThat(of(line)).isEqualTo(Cgroup.NONE);
    }

    @Test
    void whatStartsContainersAndMachinesIsAServiceOfTheHost() {
        assertThat(of("0::/machine.slice/systemd-nspawn@db.service/supervisor"))
                .isEqualTo(new Cgroup("systemd-nspawn@db.service", null, null));
        assertThat(of("0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator"))
                .isEqualTo(new Cgroup("machine-qemu\\x2d1\\x2dvm.scope", null, null));
        assertThat(of("0::/system.slice/docker.service")).isEqualTo(new Cgroup("docker.service", null, null));
    }

    @Test
    void theUnitIsTheInnermostService() {
        assertThat(of("0::/system.slice/nginx.service").unit()).isEqualTo("nginx.service");
        assertThat(of("0::/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service")
                        .unit())
                .isEqualTo("sync.service");
        assertThat(of("3:cpu:/", "1:name=systemd:/system.slice/cron.service", "0::/")
                        .unit())
                .isEqualTo("cron.service");
    }

    /** Everything a user starts by hand would else be one service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/user.slice/user-1000.slice/session-3.scope",
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.konsole-1234.scope",
                "0::/user.slice/user-1000.slice/user@1000.service/"
                        + "tmux-spawn-0f5c3f6e-3f0c-4f61-a9a3-8f6c2f1d2a11.scope",
                "0::/",
                ""
            })
    void aLoginIsNoService(String line) {
        assertThat(of(line)).isEqualTo(Cgroup.NONE);
    }

    @Test
    void whatOnlyLooksLikeAnIdIsNone() {
        assertThat(of("0::/docker/ID0").container()).isNull();
        assertThat(of("0::/docker/0123456789abcdef").container()).isNull();
        assertThat(of("0::/system.slice/docker-desktop.scope").unit()).isEqualTo("docker-desktop.scope");
    }
}
