using NotebookKit.Runner.Doctor;
using NotebookKit.Runner.Execution;

namespace NotebookKit.Tests.Runner;

public class DoctorTests
{
    [Fact]
    public void Everything_that_was_asked_for_is_told_and_libtorch_loads()
    {
        var findings = SystemFindings.All(Repository.Find()).Concat(KitFindings.All(Repository.Find())).ToDictionary(finding => finding.Name);
        Assert.Superset(
            new HashSet<string> { "system", "SDK", "runtime", "processor", "memory", "free disk", "libtorch", "devices", "threads", "corpus", "notebooks", "browser" },
            findings.Keys.ToHashSet());
        Assert.Equal(Verdict.Good, findings["libtorch"].Verdict);
        Assert.StartsWith("cpu", findings["devices"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_symbol_version_is_the_highest_number_not_the_last_text()
    {
        Assert.Equal("GLIBCXX_3.4.30", SystemFindings.NewestGlibcxx("GLIBCXX_3.4\0GLIBCXX_3.4.30\0GLIBCXX_3.4.9\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0"u8));
        Assert.Null(SystemFindings.NewestGlibcxx("nothing"u8));
    }
}
