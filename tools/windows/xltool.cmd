@echo off
if not "%~1"=="" goto run
rem double-clicked: the window stays until the help has been read
"%~dp0python\python.exe" -m xltool
pause
exit /b 0
:run
rem nothing after it: what the program says at its end is what this says
"%~dp0python\python.exe" -m xltool %*
