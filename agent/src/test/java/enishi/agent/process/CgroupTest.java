package enishi.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupTest {
    private static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/system.slice/docker-ID.scope",
                "12:pids:/docker/ID",
                "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-ID.scope",
                "0::/kubepods/besteffort/pod1/ID",
                "0::/machine.slice/libpod-ID.scope",
                "0::/kubepods.slice/crio-ID.scope",
                "0::/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:ID"
            })
    void runtimesPutTheContainerIdIntoThePath(String line) {
        assertThat(Cgroup.parse(List.of(line.replace("ID", ID))).container()).isEqualTo(ID);
    }

    @Test
    void namedContainersGoByTheirName() {
        assertThat(Cgroup.parse(List.of("0::/lxc.payload.web1/init.scope")).container())
                .isEqualTo("web1");
        assertThat(Cgroup.parse(List.of("0::/machine.slice/systemd-nspawn@db.service/payload"))
                        .container())
                .isEqualTo("db");
    }

    @Test
    void theUnitIsTheInnermostService() {
        assertThat(Cgroup.parse(List.of("0::/system.slice/nginx.service")).unit())
                .isEqualTo("nginx.service");
        assertThat(Cgroup.parse(List.of("3:cpu:/", "1:name=systemd:/system.slice/cron.service", "0::/"))
                        .unit())
                .isEqualTo("cron.service");
    }

    /** Everything a user starts by hand would else be one service. */
    @Test
    void aLoginIsNoService() {
        assertThat(Cgroup.parse(List.of("0::/user.slice/user-1000.slice/session-3.scope")))
                .isEqualTo(Cgroup.NONE);
        assertThat(Cgroup.parse(List.of("0::/"))).isEqualTo(Cgroup.NONE);
    }
}
