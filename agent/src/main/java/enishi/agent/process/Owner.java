package enishi.agent.process;

import enishi.model.ProcessId;
import enishi.model.Program;

/** Who holds a socket. */
public record Owner(ProcessId process, Program program) {}
