global using LivePatch.TestSupport;
global using Xunit;
