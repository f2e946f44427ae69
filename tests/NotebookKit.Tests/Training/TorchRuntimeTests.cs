using System.Runtime.InteropServices;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Training;

public class TorchRuntimeTests
{
    private static readonly string Native = Path.GetDirectoryName(typeof(TorchRuntime).Assembly.Location)!;

    [Fact]
    public void Loads_from_the_folder_of_the_assembly_and_says_so()
    {
        var runtime = TorchRuntime.Load();

        Assert.Equal(Native, runtime.Folder);
        Assert.StartsWith("2.", runtime.Version);
        Assert.Equal("cpu", runtime.Devices[0]);
        Assert.Equal(6, torch.arange(4).sum().item<long>());
    }

    [Fact]
    public void A_second_load_finds_the_same_runtime() =>
        Assert.Equal(TorchRuntime.Load().Folder, TorchRuntime.Load(Native).Folder);

    [Fact]
    public void Threads_are_bounded_by_the_argument()
    {
        int before = TorchRuntime.Load().Threads;
        try
        {
            Assert.Equal(1, TorchRuntime.Load(threads: 1).Threads);
            Assert.Equal(1, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void Waiting_threads_do_not_spin_for_long_unless_the_user_wants_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is used on Linux only");
        TorchRuntime.Load();

        string? chosen = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null ? "1000" : null);
        Assert.Equal(chosen, Marshal.PtrToStringUTF8(GetEnvironment("GOMP_SPINCOUNT")));
    }

    [DllImport("libc", EntryPoint = "getenv")]
    private static extern nint GetEnvironment(string name);

    [Fact]
    public void Threads_without_an_argument_stay_within_the_processors_of_the_process() =>
        Assert.InRange(TorchRuntime.Load().Threads, 1, Math.Max(Environment.ProcessorCount, torch.get_num_threads()));

    [Fact]
    public void Another_folder_after_loading_is_refused_and_both_are_named()
    {
        TorchRuntime.Load();
        using var other = new TemporaryFolder();

        var error = Assert.Throws<TorchUnavailableException>(() => TorchRuntime.Load(other.Path));

        Assert.Contains(Native, error.Message);
        Assert.Contains(other.Path, error.Message);
    }

    [Fact]
    public void A_folder_without_the_library_is_named_with_the_file_and_the_cure()
    {
        using var empty = new TemporaryFolder();

        var error = Assert.Throws<TorchUnavailableException>(() => TorchRuntime.LoadLibraries(empty.Path, beside: empty.Path));

        Assert.Contains("c10", error.Message);
        Assert.Contains(empty.Path, error.Message);
        Assert.Contains(TorchRuntime.FolderVariable, error.Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("/no/such/folder", Assert.Throws<TorchUnavailableException>(() => TorchRuntime.LoadLibraries("/no/such/folder", Native)).Message);

    [Fact]
    public void A_second_libtorch_beside_the_assembly_is_refused_before_it_is_loaded()
    {
        using var other = new TemporaryFolder();

        Assert.Contains("-p:Device=cuda", Assert.Throws<TorchUnavailableException>(() => TorchRuntime.LoadLibraries(other.Path, beside: Native)).Message);
    }

    [Fact]
    public void A_damaged_library_is_named()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Native).Select(Path.GetFileName).Where(f => f!.Contains("c10") || f.Contains("torch")).ToList()!)
            File.WriteAllText(folder.File(file), "not a library");

        var error = Assert.Throws<TorchUnavailableException>(() => TorchRuntime.LoadLibraries(folder.Path, beside: folder.Path));

        Assert.Contains("c10", error.Message);
        Assert.Contains("damaged", error.Message);
    }

    [Theory]
    [InlineData("/x/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /x/libLibTorchSharp.so)", "GLIBCXX_3.4.32", "dotnet build")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /x/libtorch_cpu.so)", "GLIBC_2.38", "newer Linux")]
    [InlineData("/x/libLibTorchSharp.so: undefined symbol: _ZN3c104impl", "_ZN3c104impl", "built against")]
    [InlineData("/x/libtorch_cpu.so: wrong ELF class: ELFCLASS32", "built for another platform", "build again")]
    [InlineData("/x/libtorch_cpu.so: file too short", "damaged", "build again")]
    [InlineData("libgomp.so.1: cannot open shared object file: No such file or directory", "libgomp.so.1", "install")]
    public void What_the_loader_said_becomes_one_sentence_with_a_cure(string loader, string cause, string cure)
    {
        string message = TorchRuntime.Explain("/x/libtorch_cpu.so", loader);

        Assert.Contains(cause, message);
        Assert.Contains(cure, message);
        Assert.DoesNotContain('\n', message);
    }
}
