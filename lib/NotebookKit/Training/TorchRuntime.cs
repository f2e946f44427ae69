using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace NotebookKit.Training;

/// <summary>The native libraries under TorchSharp, as they were loaded into this process.</summary>
/// <param name="Version">Version of libtorch that TorchSharp was built against, such as <c>2.10.0.0</c>.</param>
/// <param name="Folder">Folder that libtorch was loaded from.</param>
/// <param name="Devices">Devices that tensors can live on: <c>cpu</c>, then <c>cuda:0</c> and on.</param>
/// <param name="Threads">Threads that one tensor operation may use.</param>
public sealed partial record TorchRuntime(string Version, string Folder, IReadOnlyList<string> Devices, int Threads)
{
    /// <summary>Environment variable that names a folder with another libtorch, for instance the <c>torch/lib</c> of an installed PyTorch with CUDA.</summary>
    public const string FolderVariable = "NOTEBOOKKIT_LIBTORCH";

    private const string ThreadsVariable = "OMP_NUM_THREADS";

    // In the order in which they need each other. The CUDA pair exists only in a CUDA libtorch.
    private static readonly (string Name, bool Required)[] Libraries =
        [("c10", true), ("torch_cpu", true), ("c10_cuda", false), ("torch_cuda", false), ("torch", true)];

    private const string Bridge = "LibTorchSharp";

    /// <summary>
    /// Loads libtorch and TorchSharp's bridge to it, and bounds the threads they use. Call it before the first tensor:
    /// TorchSharp's own search would otherwise copy hundreds of megabytes before it gives up. Calling it again is cheap.
    /// </summary>
    /// <param name="folder">
    /// Folder of the libtorch to load. Left out: <see cref="FolderVariable"/>, and without that the folder of this assembly.
    /// </param>
    /// <param name="threads">
    /// Threads for one operation. Left out: <c>OMP_NUM_THREADS</c>, and without that the processors this process may use
    /// (libtorch would count those of the whole machine, and be many times slower in a container with fewer).
    /// </param>
    /// <exception cref="TorchUnavailableException">A library is missing or cannot be used here; the message says which, and the cure.</exception>
    public static TorchRuntime Load(string? folder = null, int? threads = null)
    {
        if (threads < 1) throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread is needed.");
        LetThreadsSleep();
        KeepFreedMemory();
        string beside = BesideAssembly();
        string wanted = folder ?? NonEmpty(Environment.GetEnvironmentVariable(FolderVariable)) ?? beside;
        string loaded = LoadedFrom() ?? LoadLibraries(Path.GetFullPath(wanted), beside);
        if ((folder ?? NonEmpty(Environment.GetEnvironmentVariable(FolderVariable))) is { } asked && !SameFolder(asked, loaded))
            throw new TorchUnavailableException(
                $"libtorch was already loaded from '{loaded}', so the one in '{asked}' cannot be used; ask for it before the first tensor of the process.");
        return new(torch.__version__, loaded, FindDevices(), BoundThreads(threads));
    }

    internal static string LoadLibraries(string folder, string beside)
    {
        if (!Directory.Exists(folder))
            throw new TorchUnavailableException($"There is no folder '{folder}' to load libtorch from; correct {FolderVariable} or the folder that was passed.");
        // TorchSharp asks the loader for torch_cpu by name, and the copy beside the assembly would come in as a second libtorch.
        if (!SameFolder(folder, beside) && File.Exists(Path.Combine(beside, FileName("torch_cpu"))))
            throw new TorchUnavailableException(
                $"This build carries its own libtorch in '{beside}', which would collide with the one in '{folder}'; build with `-p:Device=cuda`, which leaves it out.");
        foreach (var (name, required) in Libraries)
        {
            string path = Path.Combine(folder, FileName(name));
            if (File.Exists(path)) LoadLibrary(path);
            else if (required)
                throw new TorchUnavailableException(
                    $"{FileName(name)} is missing from '{folder}'; build for this platform ({RuntimeInformation.RuntimeIdentifier}) so that libtorch is copied there, or let {FolderVariable} name the torch/lib folder of an installed PyTorch.");
        }
        // The build leaves a copy of the bridge that older Linux systems accept; TorchSharp then finds the loaded one by its name.
        string? bridge = new[] { Path.Combine(AssemblyFolder(), "adapted"), folder, beside }.Select(f => Path.Combine(f, FileName(Bridge))).FirstOrDefault(File.Exists);
        LoadLibrary(bridge ?? throw new TorchUnavailableException(
            $"{FileName(Bridge)} is missing from '{beside}'; restore and build again, it comes with the TorchSharp package."));
        return folder;
    }

    private static void LoadLibrary(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException(Explain(path, e.Message), e);
        }
    }

    /// <summary>One sentence for a person from what the system's loader said about <paramref name="path"/>.</summary>
    internal static string Explain(string path, string loaderMessage)
    {
        string file = Path.GetFileName(path);
        if (Between(loaderMessage, "version `", "' not found") is { } version)
            return $"{file} needs {version}, which this system's libraries do not have; {CureFor(version)}.";
        if (Between(loaderMessage, "undefined symbol: ", null) is { } symbol)
            return $"{file} does not fit the libtorch it was loaded with (no symbol {symbol}); use the libtorch that TorchSharp was built against, {TorchVersion}.";
        if (loaderMessage.Contains("ELF") || loaderMessage.Contains("incorrect format") || loaderMessage.Contains("architecture") || loaderMessage.Contains("file too short"))
            return $"{file} in '{Path.GetDirectoryName(path)}' is damaged or built for another platform than {RuntimeInformation.RuntimeIdentifier}; delete the build output and build again on this machine.";
        if (Between(loaderMessage, null, ": cannot open shared object file") is { } missing)
            return $"{file} needs {missing.Split(' ', '\n')[^1]}, which was not found; install the system package that contains it.";
        return $"{file} could not be loaded: {loaderMessage.ReplaceLineEndings(" ").Trim()}";
    }

    // A constant here: torch.__version__ belongs to a class whose initialiser wants the natives that have just failed to load.
    private const string TorchVersion = "2.10";

    private static string CureFor(string version) => version.StartsWith("GLIBC_", StringComparison.Ordinal)
        ? "a newer Linux is needed (Debian 12, Ubuntu 22.04 or later)"
        : "build the solution with `dotnet build`, which adapts the library to older systems, or install a newer libstdc++";

    private static string? Between(string text, string? before, string? after)
    {
        int start = before is null ? 0 : text.IndexOf(before, StringComparison.Ordinal);
        if (start < 0) return null;
        start += before?.Length ?? 0;
        int end = text.IndexOf(after ?? "\n", start, StringComparison.Ordinal);
        if (end < 0 && after is null) end = text.Length;
        return end < 0 ? null : text[start..end].Trim();
    }

    /// <summary>Folder of the libtorch that this process holds, or null when it holds none.</summary>
    private static string? LoadedFrom()
    {
        string file = FileName("torch_cpu"), bridge = FileName(Bridge);
        using var process = Process.GetCurrentProcess();
        var modules = process.Modules.Cast<ProcessModule>().Select(m => m.FileName).ToList();
        // Without the bridge an earlier attempt has failed half-way: it must be made again, to fail with its own message.
        return modules.Any(m => Path.GetFileName(m) == bridge)
            ? modules.Where(m => Path.GetFileName(m) == file).Select(Path.GetDirectoryName).FirstOrDefault()
            : null;
    }

    private static IReadOnlyList<string> FindDevices()
    {
        int cuda = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return ["cpu", .. Enumerable.Range(0, cuda).Select(i => $"cuda:{i}")];
    }

    private static int BoundThreads(int? threads)
    {
        int bound = threads ?? (NonEmpty(Environment.GetEnvironmentVariable(ThreadsVariable)) is null ? Environment.ProcessorCount : torch.get_num_threads());
        if (torch.get_num_threads() != bound) torch.set_num_threads(bound);
        // Operations here run one after another, so more than one pool thread only competes. Can be set once in a process.
        if (torch.get_num_interop_threads() != 1)
        {
            try { torch.set_num_interop_threads(1); }
            catch (ExternalException) { }
        }
        return bound;
    }

    /// <summary>
    /// Lets the threads of an operation go to sleep soon while they wait for each other. libgomp's default is to spin for about a
    /// millisecond, and a thread that spins holds the processor that the awaited one needs as soon as anything else runs on the machine:
    /// with two threads on two processors and a load of 3.5, a training step took 500 ms instead of 60.
    /// </summary>
    private static void LetThreadsSleep()
    {
        // 1,000 turns is what libgomp itself takes when it knows that it has more threads than processors. It reads the variable when it
        // is loaded, from the C environment, which .NET copies and does not write back.
        if (OperatingSystem.IsLinux() && NonEmpty(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")) is null)
            _ = SetEnvironment("GOMP_SPINCOUNT", "1000", overwrite: 0);
    }

    /// <summary>
    /// Lets memory that a step has freed stay with the process. glibc's default is to give blocks above some size back to the system, which
    /// hands them out anew at the next step, page by page and cleared: a step of a BERT of 2 layers spent a tenth of its time on that.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int trimThreshold = -1, mapThreshold = -3;
        try
        {
            _ = SetAllocator(mapThreshold, 1 << 30);
            _ = SetAllocator(trimThreshold, int.MaxValue);
        }
        catch (EntryPointNotFoundException) { } // a C library without it, such as musl
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Where this build keeps its natives: beside the assembly, or in a portable build in the folder of the platform.</summary>
    private static string BesideAssembly()
    {
        string folder = AssemblyFolder(), portable = Path.Combine(folder, "runtimes", PortableIdentifier, "native");
        return !File.Exists(Path.Combine(folder, FileName("torch_cpu"))) && Directory.Exists(portable) ? portable : folder;
    }

    private static string PortableIdentifier =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string AssemblyFolder()
    {
        string location = typeof(TorchRuntime).Assembly.Location;
        return location.Length > 0 ? Path.GetDirectoryName(location)! : AppContext.BaseDirectory;
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" :
        OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    private static bool SameFolder(string a, string b) => RealPath(a) == RealPath(b);

    private static string RealPath(string folder)
    {
        var info = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName : info.FullName;
    }

    private static string? NonEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>libtorch, or a device of it, cannot be used on this machine. The message is one sentence that says what is missing and what to do.</summary>
public sealed class TorchUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
